import type { Db } from './database.ts'
import { canonicalJson, toJsonText } from './json-text.ts'

export type DefinitionState = 'draft' | 'live' | 'withdrawn'

export interface NewDefinition {
  readonly organisation: string
  readonly processId: string
  readonly version: number
  readonly document: unknown
}

export interface DefinitionRow extends NewDefinition {
  readonly state: DefinitionState
  /** When it first went live. */
  readonly publishedAt: string | null
}

/** `known`: the same document is there. `conflict`: another one is; a version never changes. */
export type DefinitionInsertion = 'stored' | 'known' | 'conflict'

export interface DefinitionStore {
  /** As a draft. */
  insertDefinition(definition: NewDefinition): Promise<DefinitionInsertion>
  /** One version of a process is live at most: making it live withdraws the one that was. False: no such version. */
  setDefinitionState(
    organisation: string,
    processId: string,
    version: number,
    state: DefinitionState,
    at: string,
  ): Promise<boolean>
  /** By process, newest version first; of one process or of all. */
  listDefinitions(organisation: string, processId?: string): Promise<readonly DefinitionRow[]>
  getDefinition(organisation: string, processId: string, version: number): Promise<DefinitionRow | null>
  /** The version that new orders get. */
  liveDefinition(organisation: string, processId: string): Promise<DefinitionRow | null>
}

export function definitionStore(db: Db): DefinitionStore {
  const getDefinition: DefinitionStore['getDefinition'] = async (organisation, processId, version) => {
    const row = await db
      .selectFrom('definitions')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('processId', '=', processId)
      .where('version', '=', version)
      .executeTakeFirst()
    return row ?? null
  }

  return {
    getDefinition,

    async insertDefinition({ organisation, processId, version, document }) {
      const row = await db
        .insertInto('definitions')
        .values({
          organisation,
          processId,
          version,
          document: toJsonText(document),
          state: 'draft',
          publishedAt: null,
        })
        .onConflict(conflict => conflict.columns(['organisation', 'processId', 'version']).doNothing())
        .returning('version')
        .executeTakeFirst()
      if (row !== undefined) return 'stored'
      const known = await getDefinition(organisation, processId, version)
      return canonicalJson(known?.document) === canonicalJson(document) ? 'known' : 'conflict'
    },

    setDefinitionState: (organisation, processId, version, state, at) =>
      db.transaction().execute(async tx => {
        const versions = await tx
          .selectFrom('definitions')
          .select(['version', 'state', 'publishedAt'])
          .where('organisation', '=', organisation)
          .where('processId', '=', processId)
          .orderBy('version')
          .forUpdate()
          .execute()
        const chosen = versions.find(row => row.version === version)
        if (chosen === undefined) return false
        const change = tx
          .updateTable('definitions')
          .where('organisation', '=', organisation)
          .where('processId', '=', processId)
        if (state === 'live') {
          const others = change.where('state', '=', 'live').where('version', '!=', version)
          await others.set({ state: 'withdrawn' }).execute()
        }
        const publishedAt = state === 'live' ? (chosen.publishedAt ?? at) : chosen.publishedAt
        await change.where('version', '=', version).set({ state, publishedAt }).execute()
        return true
      }),

    listDefinitions(organisation, processId) {
      let query = db
        .selectFrom('definitions')
        .selectAll()
        .where('organisation', '=', organisation)
        .orderBy('processId')
        .orderBy('version', 'desc')
      if (processId !== undefined) query = query.where('processId', '=', processId)
      return query.execute()
    },

    async liveDefinition(organisation, processId) {
      const row = await db
        .selectFrom('definitions')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('processId', '=', processId)
        .where('state', '=', 'live')
        .executeTakeFirst()
      return row ?? null
    },
  }
}
