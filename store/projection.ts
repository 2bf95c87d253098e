import { sql } from 'kysely'
import type { Tx } from './database.ts'
import { writeExceptions } from './exception-sightings.ts'
import { type ExceptionRow, openExceptionKinds } from './exceptions.ts'
import { type TakenFact, writeTakenFacts } from './facts.ts'
import { fromHex } from './hex.ts'
import type { Hash } from './journal-chain.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'
import { replaceTasks, type TaskRow } from './tasks.ts'

/** What an order has become after its journal's events up to `seq`. */
export interface Projection {
  readonly state: unknown
  readonly view: unknown
  readonly status: string
  readonly seq: number
  /** When the last of the events happened. */
  readonly asOf: string
  readonly steps: readonly string[]
  readonly owners: readonly string[]
  readonly dueAt: string | null
  /** It has a deadline past the holidays that are known. */
  readonly provisional: boolean
  /** Those that are not resolved, and those that these events resolved. */
  readonly exceptions: readonly ExceptionRow[]
  /** All that anybody has to do about the order now. */
  readonly tasks: readonly TaskRow[]
  readonly closedAt: string | null
  /** Where they have changed. */
  readonly skus?: readonly string[]
  readonly processVersion?: number
  /** The facts among these events. */
  readonly takenFacts: readonly TakenFact[]
}

export async function writeProjection(tx: Tx, key: OrderKey, projection: Projection, journalHash: Hash): Promise<void> {
  await writeExceptions(tx, key, projection.exceptions, projection.asOf)
  await tx
    .updateTable('orders')
    .set({
      state: toJsonText(projection.state),
      view: toJsonText(projection.view),
      status: projection.status,
      seq: projection.seq,
      journalHash: fromHex(journalHash),
      asOf: projection.asOf,
      steps: projection.steps,
      owners: projection.owners,
      dueAt: projection.dueAt,
      provisional: projection.provisional,
      closedAt: projection.closedAt,
      ...(projection.processVersion && { processVersion: projection.processVersion }),
      ...(projection.skus && { skus: projection.skus }),
      exceptions: openExceptionKinds(key),
      // It has events, so its workflow runs.
      startedAt: sql<string>`coalesce(started_at, now())`,
    })
    .where('organisation', '=', key.organisation)
    .where('orderNo', '=', key.orderNo)
    .execute()
  await replaceTasks(tx, key, projection.tasks)
  await writeTakenFacts(tx, key, projection.takenFacts, projection.asOf)
}
