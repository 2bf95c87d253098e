import type { LoadedProcesses } from '../config/processes.ts'
import { compileDefinition } from '../domain/definition/compile-definition.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import { definitionSchema } from '../domain/definition/definition-schema.ts'
import type { Store } from '../store/open-store.ts'

type Process = { readonly organisation: string; readonly id: string; readonly version: number }

/** Finds a definition by id and version: among those loaded at start, else among those published since. */
export function definitionSource(processes: LoadedProcesses, store: Pick<Store, 'getDefinition'>) {
  const known = new Map<string, CompiledDefinition>()
  for (const { compiled } of processes.definitions) known.set(`${compiled.id}@${compiled.version}`, compiled)
  return async ({ organisation, id, version }: Process): Promise<CompiledDefinition> => {
    const published = `${organisation}/${id}@${version}`
    const loaded = known.get(published) ?? known.get(`${id}@${version}`)
    if (loaded !== undefined) return loaded
    const stored = await store.getDefinition(organisation, id, version)
    if (stored === null) throw new Error(`no definition of process "${id}" version ${version} is known here`)
    const compiled = compileDefinition(
      definitionSchema.parse(stored.document),
      processes.calendars,
      processes.operations,
    )
    known.set(published, compiled)
    return compiled
  }
}
