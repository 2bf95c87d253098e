import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition, Title } from '../definition/compiled-definition.ts'
import type { Status } from '../status.ts'
import type { Deadline } from './next-rung.ts'
import type { OrderView, StepView } from './order-view.ts'

/** Something in its owner's inbox. */
export interface TaskRow {
  /** Unique within its order: `step:approval`, `review:1`, `hold:1`. */
  readonly subject: string
  readonly kind: 'task' | 'wait' | 'call' | 'review' | 'hold' | 'proposal'
  readonly step: string | null
  /** `role:finance`, or the id of a person. */
  readonly owner: string
  /** The role whose it was before its owner claimed it. */
  readonly pool: string | null
  readonly status: Status
  readonly enteredAt: string
  readonly dueAt: string | null
  /** Holidays that nobody knows yet may move it. */
  readonly provisional: boolean
  readonly title: Title
}

export function taskRows(definition: CompiledDefinition, view: OrderView, state: OrderState): TaskRow[] {
  if (state.closed !== null) return []
  const { status } = view
  const steps = view.steps
    .filter(step => needsSomeone(step, state))
    .map(({ id, kind, owner, enteredAt, title, ...deadline }) => ({
      subject: `step:${id}`,
      kind,
      step: id,
      owner,
      pool: state.steps[id]?.pool ?? null,
      status,
      enteredAt: enteredAt ?? state.openedAt,
      ...dueBy(deadline),
      title,
    }))
  const reviews = view.reviews.map(({ id, step, owner, pool, openedAt, message, ...deadline }) => ({
    subject: `review:${id}`,
    kind: 'review' as const,
    step: step ?? null,
    owner,
    pool: pool ?? null,
    status,
    enteredAt: openedAt,
    ...dueBy(deadline),
    title: withMessage(definition.steps.find(other => other.id === step)?.title ?? definition.title, message),
  }))
  const holds = view.holds.map(({ id, owner, at, title, ...deadline }) => ({
    subject: `hold:${id}`,
    kind: 'hold' as const,
    step: null,
    owner,
    pool: null,
    status,
    enteredAt: at,
    ...dueBy(deadline),
    title,
  }))
  const proposals = view.proposals.flatMap(({ id, command, by, confirm, at, lapsesAt }) =>
    confirm.roles.map(role => ({
      subject: `proposal:${id}/${role}`,
      kind: 'proposal' as const,
      step: null,
      owner: `role:${role}`,
      status,
      enteredAt: at,
      dueAt: lapsesAt,
      provisional: false,
      pool: null,
      title: withMessage(definition.title, `${command.type} (${by})`),
    })),
  )
  return [...steps, ...reviews, ...holds, ...proposals]
}

function dueBy({ dueAt, nextRung }: Deadline): Pick<TaskRow, 'dueAt' | 'provisional'> {
  return { dueAt, provisional: nextRung?.provisional ?? false }
}

/** Nobody has to do anything about a wait before its first rung: inboxes that hold everything are not read. */
function needsSomeone({ id, kind, state: phase }: StepView, state: OrderState): boolean {
  if (phase === 'partial') return true
  if (phase !== 'active' || kind === 'call') return false
  return kind === 'task' || (state.clocks[`step:${id}`]?.rung ?? 0) > 0
}

function withMessage({ en, zh }: Title, message: string): Title {
  return { en: `${en}: ${message}`, zh: `${zh}：${message}` }
}
