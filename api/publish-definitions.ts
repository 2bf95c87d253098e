import type { LoadedDefinition, LoadedProcesses } from '../config/processes.ts'
import { type CheckReport, checkDefinition } from '../domain/check/check-definition.ts'
import { type PublishingStore, publishPermissions } from './publish-permissions.ts'

/**
 * Makes the permission matrices of the processes folder today's and its definitions the ones that new orders get, unless
 * a later version is. One that has not been live before must pass the no-limbo check.
 * @throws Error naming a version that has been published with another content (a version never changes), or the
 * problems, with file and line, of a definition that is not proven
 */
export async function publishDefinitions(
  store: PublishingStore,
  processes: LoadedProcesses,
  at: string,
  check: typeof checkDefinition = checkDefinition,
): Promise<void> {
  const organisations = new Set(processes.directory.people.map(person => person.organisation))
  for (const organisation of organisations) {
    const matrices = await publishPermissions(store, processes, { organisation, at, check })
    for (const loaded of processes.definitions) {
      const { definition: document, file } = loaded
      const { process: processId, version } = document
      const live = await store.liveDefinition(organisation, processId)
      const isNews = live === null || live.version < version
      if (isNews)
        refuseUnproven(loaded, check({ ...processes, matrices, definition: document }, { from: at, organisation }))
      if ((await store.insertDefinition({ organisation, processId, version, document })) === 'conflict') {
        throw new Error(`${file}: version ${version} of "${processId}" has another content already; raise its version`)
      }
      if (isNews) await store.setDefinitionState(organisation, processId, version, 'live', at)
    }
  }
}

function refuseUnproven({ file, lineOf }: LoadedDefinition, { result, problems }: CheckReport): void {
  if (result === 'proven') return
  const lines = problems.map(({ path, code, mend }) => `  ${file}:${lineOf(path)}  ${code}: ${mend}`)
  throw new Error([`${file} is ${result} by the no-limbo check and cannot be published:`, ...lines].join('\n'))
}
