import type { LoadedProcesses } from '../config/processes.ts'
import type { Calendars } from '../domain/core/clock/ruling-calendars.ts'
import { compileDefinition } from '../domain/definition/compile-definition.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import { definitionSchema } from '../domain/definition/definition-schema.ts'
import type { Matrix } from '../domain/permission/permission.ts'
import type { DefinitionRow, DefinitionStore } from '../store/definitions.ts'
import type { KeptMatrices } from '../store/kept-matrices.ts'

/** The processes that orders can be placed for. */
export interface ProcessCatalogue {
  /** Those that are loaded, by their ids. */
  readonly calendars: Calendars
  /** The version that a new order gets; undefined: there is no such process. */
  live(organisation: string, process: string): Promise<CompiledDefinition | undefined>
  /** A version that is or was live; undefined: there is none. */
  published(organisation: string, process: string, version: number): Promise<CompiledDefinition | undefined>
  /** Ids of the processes that have a live version. */
  names(organisation: string): Promise<readonly string[]>
  /** A version by name, without the store; undefined: it was published since and has not been used here. */
  loaded(process: { readonly id: string; readonly version: number }): CompiledDefinition | undefined
  /** Today's permission matrix of a process. */
  matrixOf(organisation: string, definition: Pick<CompiledDefinition, 'permissions'>): Promise<Matrix>
}

/** Of the store, to which the definitions of the processes folder are published at start. */
export function processCatalogue(
  processes: LoadedProcesses,
  store: DefinitionStore,
  matrices: KeptMatrices,
): ProcessCatalogue {
  const compiled = new Map<string, CompiledDefinition>()
  const compile = ({ organisation, processId, version, document }: DefinitionRow): CompiledDefinition => {
    // A version never changes, so neither does what it compiles to while this process runs.
    const name = `${organisation}/${processId}@${version}`
    const known = compiled.get(name)
    if (known !== undefined) return known
    const fresh = compileDefinition(definitionSchema.parse(document), processes.calendars, processes.operations)
    compiled.set(name, fresh)
    return fresh
  }
  return {
    calendars: processes.calendars,
    async live(organisation, process) {
      const row = await store.liveDefinition(organisation, process)
      return row === null ? undefined : compile(row)
    },
    async published(organisation, process, version) {
      const row = await store.getDefinition(organisation, process, version)
      return row === null || row.publishedAt === null ? undefined : compile(row)
    },
    async names(organisation) {
      const rows = await store.listDefinitions(organisation)
      return rows.filter(row => row.state === 'live').map(row => row.processId)
    },
    loaded: ({ id, version }) =>
      [...compiled.values(), ...processes.definitions.map(({ compiled: known }) => known)].find(
        known => known.id === id && known.version === version,
      ),
    async matrixOf(organisation, { permissions }) {
      const today = (await matrices.today())(organisation)
      return today[permissions] ?? { matrix: permissions, version: 1, commands: {} }
    },
  }
}
