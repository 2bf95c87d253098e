import type { LoadedProcesses } from '../../config/processes.ts'
import type { Store } from '../../store/open-store.ts'
import type { Say } from './parts.ts'

/** Makes the definitions of the processes folder the ones that new orders get. A version never changes its content. */
export async function publishDefinitions(store: Store, processes: LoadedProcesses, say: Say): Promise<void> {
  const organisations = new Set(processes.directory.people.map(person => person.organisation))
  for (const organisation of organisations) {
    for (const { definition, file } of processes.definitions) {
      const { process, version } = definition
      const insertion = await store.insertDefinition({
        organisation,
        processId: process,
        version,
        document: definition,
      })
      if (insertion === 'conflict') {
        throw new Error(
          `${file}: version ${version} of "${process}" has been published with another content; raise its version`,
        )
      }
      const live = await store.liveDefinition(organisation, process)
      if (live === null || live.version < version) {
        await store.setDefinitionState(organisation, process, version, 'live', new Date().toISOString())
      }
    }
  }
  say(
    'Processes',
    processes.definitions.map(({ definition }) => `${definition.process} v${definition.version}`).join(', '),
  )
}
