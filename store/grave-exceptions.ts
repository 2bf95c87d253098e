import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { StoredException } from './exceptions.ts'

export type GraveException = Pick<
  StoredException,
  'organisation' | 'id' | 'orderNo' | 'status' | 'evidence' | 'openedAt'
>

/** What concerns the whole installation. */
export interface GraveExceptionStore {
  /** Of all organisations, those that are not resolved, oldest first. */
  graveExceptions(kind: 'dead' | 'undelivered', limit: number): Promise<readonly GraveException[]>
}

export function graveExceptionStore(db: Db): GraveExceptionStore {
  return {
    graveExceptions: (kind, limit) =>
      db
        .selectFrom('exceptions')
        .select(['organisation', 'id', 'orderNo', 'status', 'evidence', 'openedAt'])
        // Written out, so that the index of just these is used.
        .where(sql<boolean>`kind in ('dead', 'undelivered') and status <> 'resolved'`)
        .where('kind', '=', kind)
        .orderBy('openedAt')
        .limit(limit)
        .execute(),
  }
}
