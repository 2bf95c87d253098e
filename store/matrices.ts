import { sql } from 'kysely'
import type { Matrix } from '../domain/permission/permission.ts'
import type { Db } from './database.ts'
import { canonicalJson, toJsonText } from './json-text.ts'

export interface MatrixRow {
  readonly organisation: string
  readonly matrix: string
  readonly version: number
  readonly document: Matrix
  readonly publishedAt: string
  readonly publishedBy: string
}

/** `known`: the same is there. `conflict`: another one is; a version never changes. `low`: a higher one is today's. */
export type MatrixPublication = 'published' | 'known' | 'conflict' | 'low'

export interface MatrixStore {
  /** As today's: its version must be higher than any before. */
  publishMatrix(row: MatrixRow): Promise<MatrixPublication>
  /** By name, newest version first; of one matrix or of all. */
  listMatrices(organisation: string, matrix?: string): Promise<readonly MatrixRow[]>
  /** The newest version of each, of all organisations. */
  todaysMatrices(): Promise<readonly MatrixRow[]>
}

export function matrixStore(db: Db): MatrixStore {
  const listMatrices: MatrixStore['listMatrices'] = (organisation, matrix) => {
    const all = db.selectFrom('matrices').selectAll().where('organisation', '=', organisation)
    const asked = matrix === undefined ? all : all.where('matrix', '=', matrix)
    return asked.orderBy('matrix').orderBy('version', 'desc').execute()
  }

  return {
    listMatrices,

    async publishMatrix(row) {
      const { organisation, matrix, version, document } = row
      const inserted = await db
        .insertInto('matrices')
        .expression(
          sql<never>`select ${organisation}, ${matrix}, ${version}::int, ${toJsonText(document)}::jsonb,
            ${row.publishedAt}::timestamptz, ${row.publishedBy}
            where not exists (select 1 from matrices
              where organisation = ${organisation} and matrix = ${matrix} and version >= ${version}::int)` as never,
        )
        .onConflict(conflict => conflict.doNothing())
        .returning('version')
        .executeTakeFirst()
      if (inserted !== undefined) return 'published'
      const same = (await listMatrices(organisation, matrix)).find(known => known.version === version)
      if (same === undefined) return 'low'
      return canonicalJson(same.document) === canonicalJson(document) ? 'known' : 'conflict'
    },

    todaysMatrices: () =>
      db
        .selectFrom('matrices')
        .distinctOn(['organisation', 'matrix'])
        .selectAll()
        .orderBy('organisation')
        .orderBy('matrix')
        .orderBy('version', 'desc')
        .execute(),
  }
}
