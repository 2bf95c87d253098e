import { sql } from 'kysely'
import type { Db } from './database.ts'
import { toJsonText } from './json-text.ts'

export interface IdempotencyKey {
  readonly organisation: string
  readonly actor: string
  readonly key: string
}

export interface RequestToBegin extends IdempotencyKey {
  readonly requestHash: string
  readonly now: string
}

/** The right to answer a request, until another takes it over. */
export interface RequestClaim extends IdempotencyKey {
  readonly claimedAt: string
}

/**
 * `new`: go on and then finish or abandon it. `conflict`: the key was used for another request. `in_progress`: somebody
 * began it less than fifteen seconds ago; after that it counts as given up, for its process may have died, and the next
 * to ask goes on with it.
 */
export type RequestBeginning =
  | { readonly outcome: 'new'; readonly claim: RequestClaim }
  | { readonly outcome: 'replay'; readonly status: number; readonly body: unknown }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'in_progress' }

export interface IdempotencyKeyStore {
  beginRequest(request: RequestToBegin): Promise<RequestBeginning>
  /** Stores the answer that the same request gets from now on. Does nothing if the claim was taken over. */
  finishRequest(claim: RequestClaim, response: { readonly status: number; readonly body: unknown }): Promise<void>
  /** Nothing came of it: the key is free again. Does nothing if the claim was taken over. */
  abandonRequest(claim: RequestClaim): Promise<void>
  /** Forgets keys older than seven days; answers how many. */
  pruneRequests(now: string): Promise<number>
}

const givenUpAfterMs = 15_000
const keptMs = 7 * 24 * 3_600_000

export function idempotencyKeyStore(db: Db): IdempotencyKeyStore {
  const beginRequest: IdempotencyKeyStore['beginRequest'] = async request => {
    const { organisation, actor, key, requestHash, now } = request
    const claimed = await db
      .insertInto('idempotencyKeys')
      .values({ organisation, actor, key, requestHash, state: 'in_progress', createdAt: now })
      .onConflict(conflict =>
        conflict
          .columns(['organisation', 'actor', 'key'])
          .doUpdateSet({ createdAt: now })
          .where('idempotencyKeys.state', '=', 'in_progress')
          .where('idempotencyKeys.requestHash', '=', requestHash)
          .where('idempotencyKeys.createdAt', '<', before(now, givenUpAfterMs)),
      )
      .returning('createdAt')
      .executeTakeFirst()
    if (claimed !== undefined) {
      return { outcome: 'new', claim: { organisation, actor, key, claimedAt: claimed.createdAt } }
    }

    const known = await db
      .selectFrom('idempotencyKeys')
      .select(['requestHash', 'state', 'responseStatus', 'responseBody'])
      .where('organisation', '=', organisation)
      .where('actor', '=', actor)
      .where('key', '=', key)
      .executeTakeFirst()
    // Abandoned in between: it is ours to begin after all.
    if (known === undefined) return beginRequest(request)
    if (known.requestHash !== requestHash) return { outcome: 'conflict' }
    if (known.state === 'in_progress' || known.responseStatus === null) return { outcome: 'in_progress' }
    return { outcome: 'replay', status: known.responseStatus, body: known.responseBody }
  }

  return {
    beginRequest,

    async finishRequest(claim, { status, body }) {
      await db
        .updateTable('idempotencyKeys')
        .set({ state: 'done', responseStatus: status, responseBody: toJsonText(body) })
        .where(held(claim))
        .execute()
    },

    async abandonRequest(claim) {
      await db.deleteFrom('idempotencyKeys').where(held(claim)).execute()
    },

    async pruneRequests(now) {
      const { numDeletedRows } = await db
        .deleteFrom('idempotencyKeys')
        .where('createdAt', '<', before(now, keptMs))
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

function held({ organisation, actor, key, claimedAt }: RequestClaim) {
  return sql<boolean>`organisation = ${organisation} and actor = ${actor} and key = ${key}
    and created_at = ${claimedAt} and state = 'in_progress'`
}

function before(now: string, ms: number): string {
  return new Date(Date.parse(now) - ms).toISOString()
}
