import { orderStatus, ownStatus } from '../core/order-status.ts'
import type {
  Compensation,
  Hold,
  LineState,
  OpenException,
  OrderState,
  ParcelState,
  Proposal,
  Review,
  StepPhase,
} from '../core/state.ts'
import type { CompiledDefinition, Step, Title } from '../definition/compiled-definition.ts'
import type { Status } from '../status.ts'
import { type Facets, facetsOf } from './facets.ts'
import { type Deadline, ladderDeadline, stepDeadline } from './next-rung.ts'
import { type MoneyView, moneyView, type OrderContent, orderContent } from './order-content.ts'
import { type ReviewEvidence, reviewEvidence } from './review-evidence.ts'

/** An order as everyone sees it: what of `GET /api/orders/{orderNo}` depends on the order alone. */
export interface OrderView {
  readonly orderNo: string
  readonly organisation: string
  readonly status: Status
  /** The status as the process names it; the canonical one where it has no name of its own. */
  readonly ownStatus: string
  readonly facets: Facets
  readonly holds: readonly HoldView[]
  readonly seq: number
  /** Of the event of that seq. */
  readonly asOf: string
  readonly openedAt: string
  readonly closedAt: string | null
  readonly process: { readonly id: string; readonly version: number }
  readonly order: OrderContent
  readonly lines: readonly LineState[]
  readonly parcels: readonly (ParcelState & { readonly id: string })[]
  readonly money: MoneyView
  readonly steps: readonly StepView[]
  readonly reviews: readonly ReviewView[]
  readonly compensation: Compensation | null
  /** The orders that have come in its place, or are to come. */
  readonly successors: readonly string[]
  readonly merging: MergingView | null
  readonly exceptions: readonly ExceptionView[]
  /** Commands that wait for another person to confirm them. */
  readonly proposals: readonly ProposalView[]
}

export interface StepView extends Deadline {
  readonly id: string
  readonly title: Title
  readonly kind: Step['kind']
  readonly status: string
  readonly after: readonly string[]
  readonly state: StepPhase
  readonly round: number
  readonly owner: string
  readonly enteredAt: string | null
  /** Who approved or rejected it, or what completed it. */
  readonly doneBy: string | null
  readonly effect: 'none' | 'done' | 'unknown' | 'undone' | 'kept'
  readonly error: string | null
}

export type ProposalView = Proposal & { readonly id: string }
export type HoldView = Hold & Deadline & { readonly id: string; readonly title: Title }
export type ReviewView = Review & Deadline & ReviewEvidence & { readonly id: string }
export type ExceptionView = OpenException & { readonly id: string }

/** How far a merge is: of a member, its lead alone is known. */
export interface MergingView {
  readonly role: 'lead' | 'member'
  readonly phase: string
  readonly into: string
  readonly others: readonly { readonly orderNo: string; readonly stands: string }[]
  readonly lapsesAt: string
}

function mergingView({ merging, closed }: OrderState): MergingView | null {
  if (merging === undefined || closed !== null) return null
  const { role, phase, into, lapsesAt } = merging
  const others =
    merging.role === 'member'
      ? [{ orderNo: merging.lead, stands: 'leads' }]
      : Object.entries(merging.members).map(([orderNo, { stands }]) => ({ orderNo, stands }))
  return { role, phase, into, others, lapsesAt }
}

export function orderView(definition: CompiledDefinition, state: OrderState): OrderView {
  const { order } = state
  return {
    orderNo: order.orderNo,
    organisation: order.organisation,
    status: orderStatus(definition, state),
    ownStatus: ownStatus(definition, state),
    facets: facetsOf(definition, state),
    holds: Object.entries(state.holds).map(([id, hold]) => ({
      id,
      title: definition.holds[hold.type]?.title ?? { en: hold.type, zh: hold.type },
      ...hold,
      ...ladderDeadline(definition, state, `hold:${id}`),
    })),
    seq: state.seq,
    asOf: state.at,
    openedAt: state.openedAt,
    closedAt: state.closed?.at ?? null,
    process: state.process,
    order: orderContent(order),
    lines: state.lines,
    parcels: Object.entries(state.parcels)
      .map(([id, parcel]) => ({ id, ...parcel }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    money: moneyView(state),
    steps: definition.steps.flatMap(step => stepView(definition, state, step)),
    reviews: Object.entries(state.reviews).map(([id, review]) => ({
      id,
      ...review,
      ...reviewEvidence(state, review),
      ...ladderDeadline(definition, state, `review:${id}`),
    })),
    compensation: state.compensation,
    merging: mergingView(state),
    successors: state.closed?.into ?? state.successors?.parts.map(part => part.orderNo) ?? [],
    exceptions: Object.entries(state.exceptions).map(([id, exception]) => ({ id, ...exception })),
    proposals: Object.entries(state.proposals ?? {}).map(([id, proposal]) => ({ id, ...proposal })),
  }
}

function stepView(definition: CompiledDefinition, state: OrderState, step: Step): StepView[] {
  const current = state.steps[step.id]
  if (current === undefined) return []
  return [
    {
      id: step.id,
      title: step.title,
      kind: step.kind,
      status: step.status,
      after: step.after,
      state: current.state,
      round: current.round,
      owner: current.owner,
      enteredAt: current.enteredAt ?? null,
      doneBy: current.doneBy ?? null,
      ...stepDeadline(definition, state, step.id),
      effect: current.effect,
      error: current.error ?? null,
    },
  ]
}
