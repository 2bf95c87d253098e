import type { Evidence, Severity } from '../domain/exception/kind.ts'
import { sameEvidence, seenAgain } from '../domain/exception/life.ts'
import type { Tx } from './database.ts'
import { writeHistory } from './exception-history.ts'
import {
  type ExceptionRow,
  lockException,
  newClimb,
  newValues,
  ofException,
  type StoredException,
} from './exceptions.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'

export type Placed = ExceptionRow & { readonly organisation: string; readonly orderNo: string | null }

export interface SeenNow {
  readonly evidence: Evidence
  readonly severity: Severity
  readonly count: number
  readonly at: string
  readonly by: string
}

/** `kept`: counted, and it stays as a person left it. */
export type Sighted = 'raised' | 'counted' | 'reopened' | 'kept'

export async function insertException(tx: Tx, exception: Placed, by: string): Promise<boolean> {
  const { organisation, id, openedAt, evidence, owner } = exception
  const inserted = await tx
    .insertInto('exceptions')
    .values(newValues(exception))
    .onConflict(conflict => conflict.columns(['organisation', 'id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted === undefined) return false
  await writeHistory(tx, organisation, id, { at: openedAt, type: 'raised', actor: by, data: { evidence, owner } })
  return true
}

/** Its cause is seen once more: counted, and what a person had closed may be open again. The row is locked. */
export async function writeSighting(tx: Tx, stored: StoredException, seen: SeenNow): Promise<Sighted> {
  const { organisation, id } = stored
  const { severity, count, at, by } = seen
  const sighting = seenAgain(stored, seen.evidence)
  const since = sighting === 'reopened' ? [seen.evidence.since] : [stored.evidence.since, seen.evidence.since].sort()
  const evidence = { ...seen.evidence, since: since[0] ?? at }
  const isNew = !sameEvidence(stored.evidence, evidence)
  const reopened = {
    ...{ status: 'open' as const, outcome: null, note: null, resolvedAt: null, resolvedBy: null },
    ...{ acknowledgedBy: null, acknowledgedAt: null },
    ...newClimb(at),
  }
  await tx
    .updateTable('exceptions')
    .set({ count, severity, lastSeenAt: at, evidence: toJsonText(evidence) })
    .$if(sighting === 'reopened', update => update.set(reopened))
    .where(ofException(organisation, id))
    .execute()
  const data = { evidence, count }
  if (sighting === 'reopened') {
    await writeHistory(tx, organisation, id, { at, type: 'reopened', actor: by, note: 'seen again', data })
  } else if (isNew) await writeHistory(tx, organisation, id, { at, type: 'seen', actor: by, data })
  return sighting
}

/**
 * As a projection brings them: those that are open in the order, and those that it has just resolved. It takes back
 * what a person said only where the order says that it happened once more.
 */
export async function writeExceptions(
  tx: Tx,
  { organisation, orderNo }: OrderKey,
  exceptions: readonly ExceptionRow[],
  at: string,
): Promise<void> {
  const by = 'order'
  for (const exception of exceptions) {
    const { id, count, evidence, severity } = exception
    await insertException(tx, { ...exception, organisation, orderNo }, by)
    const stored = await lockException(tx, organisation, id)
    if (stored === null) continue
    if (count > stored.count) await writeSighting(tx, stored, { evidence, severity, count, at, by })
    if (exception.status === 'resolved') await endByOrder(tx, organisation, exception)
  }
}

/** What was wrong is over. Where a person was first, their word stands. */
async function endByOrder(
  tx: Tx,
  organisation: string,
  { id, outcome, note, resolvedAt }: ExceptionRow,
): Promise<void> {
  if (outcome === null || resolvedAt === null) return
  const ended = await tx
    .updateTable('exceptions')
    .set({ status: 'resolved', outcome, note, resolvedAt, resolvedBy: 'order', ...newClimb(resolvedAt) })
    .where(ofException(organisation, id))
    .where('status', '!=', 'resolved')
    .returning('id')
    .executeTakeFirst()
  if (ended === undefined) return
  await writeHistory(tx, organisation, id, {
    at: resolvedAt,
    type: 'resolved',
    actor: 'order',
    note,
    data: { outcome },
  })
}
