import type { TakenFact } from '../domain/view/projection.ts'
import type { Db, Tx } from './database.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'

export type FactState = 'taken' | 'parked'

export interface NewFact extends OrderKey {
  readonly source: string
  /** Unique within its organisation and source. */
  readonly id: string
  readonly type: string
  readonly claimedAt: string
  readonly data: unknown
  readonly receivedAt: string
}

export interface FactRow extends NewFact {
  readonly state: FactState
  /** The exception that tells of it while it stays parked. */
  readonly exception: string | null
}

/** `known`: an earlier fact has this source and id; nothing was changed. */
export interface FactParking {
  readonly outcome: 'parked' | 'known'
  readonly state: FactState
}

export interface FactStore {
  parkFact(fact: NewFact): Promise<FactParking>
  /** In the order they came. */
  parkedFor(organisation: string, orderNo: string): Promise<readonly FactRow[]>
  markTaken(organisation: string, source: string, id: string): Promise<void>
  getFact(organisation: string, source: string, id: string): Promise<FactRow | null>
}

export function factStore(db: Db): FactStore {
  const getFact: FactStore['getFact'] = async (organisation, source, id) => {
    const row = await db
      .selectFrom('facts')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('source', '=', source)
      .where('id', '=', id)
      .executeTakeFirst()
    return row ?? null
  }

  return {
    getFact,

    async parkFact({ organisation, source, id, orderNo, type, claimedAt, data, receivedAt }) {
      const row = await db
        .insertInto('facts')
        .values({
          organisation,
          source,
          id,
          orderNo,
          type,
          claimedAt,
          data: toJsonText(data),
          state: 'parked',
          receivedAt,
        })
        .onConflict(conflict => conflict.columns(['organisation', 'source', 'id']).doNothing())
        .returning('state')
        .executeTakeFirst()
      if (row !== undefined) return { outcome: 'parked', state: 'parked' }
      // Facts are never deleted: the earlier one is there.
      return { outcome: 'known', state: (await getFact(organisation, source, id))!.state }
    },

    parkedFor: (organisation, orderNo) =>
      db
        .selectFrom('facts')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('orderNo', '=', orderNo)
        .where('state', '=', 'parked')
        .orderBy('receivedAt')
        .orderBy('source')
        .orderBy('id')
        .execute(),

    async markTaken(organisation, source, id) {
      await db
        .updateTable('facts')
        .set({ state: 'taken' })
        .where('organisation', '=', organisation)
        .where('source', '=', source)
        .where('id', '=', id)
        .execute()
    },
  }
}

/** A fact that was parked for this order is parked no more. Another order's fact of the same id stays as it is. */
export async function writeTakenFacts(
  tx: Tx,
  key: OrderKey,
  facts: readonly TakenFact[],
  receivedAt: string,
): Promise<void> {
  // One statement must not touch a row twice.
  const distinct = new Map(facts.map(fact => [JSON.stringify([fact.source, fact.id]), fact]))
  if (distinct.size === 0) return
  await tx
    .insertInto('facts')
    .values(
      [...distinct.values()].map(({ source, id, type, at, data }) => ({
        organisation: key.organisation,
        source,
        id,
        orderNo: key.orderNo,
        type,
        claimedAt: at,
        data: toJsonText(data),
        state: 'taken' as const,
        receivedAt,
      })),
    )
    .onConflict(conflict =>
      conflict
        .columns(['organisation', 'source', 'id'])
        .doUpdateSet({ state: 'taken' })
        .where('facts.orderNo', '=', key.orderNo),
    )
    .execute()
}
