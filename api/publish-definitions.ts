import type { LoadedProcesses } from '../config/processes.ts'
import type { DefinitionStore } from '../store/definitions.ts'

/**
 * Makes the definitions of the processes folder the ones that new orders get, unless a later version is live.
 * @throws Error naming a version that has been published with another content: a version never changes
 */
export async function publishDefinitions(
  store: DefinitionStore,
  processes: LoadedProcesses,
  at: string,
): Promise<void> {
  const organisations = new Set(processes.directory.people.map(person => person.organisation))
  for (const organisation of organisations) {
    for (const { definition: document, file } of processes.definitions) {
      const { process: processId, version } = document
      if ((await store.insertDefinition({ organisation, processId, version, document })) === 'conflict') {
        throw new Error(`${file}: version ${version} of "${processId}" has another content already; raise its version`)
      }
      const live = await store.liveDefinition(organisation, processId)
      if (live !== null && live.version >= version) continue
      await store.setDefinitionState(organisation, processId, version, 'live', at)
    }
  }
}
