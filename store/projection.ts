import { sql } from 'kysely'
import type { Projection as Projected } from '../domain/view/projection.ts'
import type { Tx } from './database.ts'
import { writeExceptions } from './exception-sightings.ts'
import { type ExceptionRow, openExceptionKinds } from './exceptions.ts'
import { writeTakenFacts } from './facts.ts'
import { fromHex } from './hex.ts'
import type { Hash } from './journal-chain.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'
import { replaceTasks, type TaskRow } from './tasks.ts'

/** What an order has become after its journal's events up to `seq`; what stands in it is for the domain to know. */
export interface Projection extends Omit<Projected, 'state' | 'view' | 'status' | 'exceptions' | 'tasks'> {
  readonly state: unknown
  readonly view: unknown
  readonly status: string
  readonly exceptions: readonly ExceptionRow[]
  readonly tasks: readonly TaskRow[]
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
