import { upcastEvents } from '../../domain/core/events/upcast.ts'
import { evolve } from '../../domain/core/evolve/evolve.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { OrderRun } from '../../order-client/order-client.ts'
import type { Store } from '../../store/open-store.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { ofOrder } from '../exceptions/fact-exceptions.ts'
import { permitException } from '../exceptions/permit-exception.ts'
import { endVanished } from '../exceptions/vanished-orders.ts'
import { Problem } from '../http/problem.ts'

/** So long an activity of a run that has ended may still write what it has brought along for the journal. */
const lastWordsMs = 30_000

/** `history`: what Temporal still knows of the run that has ended; without a loss. `journal`: what the store has of it. */
export const restoreSources = ['history', 'journal'] as const

export interface RestoreRequest {
  readonly reason: string
  /** Default: the history if Temporal has it, else the journal. */
  readonly from?: (typeof restoreSources)[number] | undefined
}

/**
 * Lets an order go on whose workflow was lost: terminated from outside, or with Temporal's database. Whoever may resolve
 * its exception `vanished` may. Answers with the id of the new run.
 * @throws Problem closed, not_applicable (it runs, or has only just ended), not_permitted, lost (nothing whole to go on from)
 */
export async function restoreOrder(
  deps: ApiDependencies,
  identity: Identity,
  row: OrderRow,
  { reason, from }: RestoreRequest,
): Promise<string> {
  if (row.closedAt !== null) throw new Problem('closed', `the order is closed: ${row.status}`)
  await permitException(deps, identity, 'resolve', { ...ofOrder(row), step: null })
  if (row.startedAt === null)
    throw new Problem('not_applicable', 'the order was not started yet: that happens by itself')
  const run = await deps.orders.describe(row)
  if (run !== null && run.ended === undefined) throw itRuns()
  const carried = run === null || from === 'journal' ? null : await deps.orders.carried(row)
  if (from === 'history' && carried === null)
    throw new Problem('lost', 'Temporal has no history of the order that it could go on from')
  if (carried === null && run?.ended !== undefined) refuseAtOnce(deps, run.ended)
  const lost = run?.ended === undefined ? 'not known to Temporal' : `${run.ended.how} at ${run.ended.at}`
  const input: OrderInput = {
    ...(row.startInput as OrderInput),
    restored: { by: identity.actor, reason, lost },
    ...(carried === null ? await carriedByJournal(deps.store, row) : { carried }),
  }
  const runId = await deps.orders.start(input)
  if (runId === null) throw itRuns()
  await endVanished(deps, row, identity.actor, reason)
  deps.logger.warn({ orderNo: row.orderNo, organisation: row.organisation, lost, runId }, 'an order was restored')
  return runId
}

/** `running`: so that whoever restores many can tell this from what went wrong. */
function itRuns(): Problem {
  return new Problem('not_applicable', "the order's workflow runs: nothing of it is lost", { running: true })
}

/** The history has what an activity may still write; the journal would then have other entries under the same numbers. */
function refuseAtOnce({ clock }: ApiDependencies, { how, at }: NonNullable<OrderRun['ended']>): void {
  const leftMs = Date.parse(at) + lastWordsMs - clock().getTime()
  if (leftMs <= 0) return
  const seconds = Math.ceil(leftMs / 1000)
  throw new Problem(
    'not_applicable',
    `its workflow has only just ended (${how}), and what it was doing may still come in: try again in ${seconds} s`,
    {},
    { 'Retry-After': `${seconds}` },
  )
}

/** Nothing where nothing was journalled: it begins as it was accepted. */
export async function carriedByJournal(store: Store, row: OrderRow): Promise<Pick<OrderInput, 'carried'>> {
  const events = upcastEvents(await store.readJournal(row.organisation, row.orderNo))
  if (events.length !== row.seq || events.some(({ seq }, index) => seq !== index + 1))
    throw new Problem('lost', `the journal of the order is not whole: see nolimbo verify ${row.orderNo}`)
  const state = events.reduce<OrderState | null>(evolve, null)
  if (state === null) return {}
  return { carried: { state, unstored: [], attempts: [], attemptCount: await countAttempts(store, row) } }
}

/** An order counts what it refuses: it goes on counting. */
async function countAttempts(store: Store, { organisation, orderNo }: OrderRow): Promise<number> {
  const own = `${orderNo}/`
  for (let cursor: string | undefined; ; ) {
    const asked = { organisation, orderNo, limit: 200, ...(cursor !== undefined && { cursor }) }
    const { items, nextCursor } = await store.listAttempts(asked)
    const counts = items.filter(({ id }) => id.startsWith(own)).map(({ id }) => Number(id.slice(own.length)))
    const newest = counts.find(Number.isInteger)
    if (newest !== undefined) return newest
    if (nextCursor === null) return 0
    cursor = nextCursor
  }
}
