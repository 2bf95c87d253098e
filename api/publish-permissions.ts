import type { LoadedProcesses } from '../config/processes.ts'
import type { checkDefinition } from '../domain/check/check-definition.ts'
import { conditionFlaws, confirmerFlaws } from '../domain/permission/judge-matrix.ts'
import type { Matrix } from '../domain/permission/permission.ts'
import { withoutThoseWhoLeft } from '../domain/presence.ts'
import type { Matrices } from '../store/kept-matrices.ts'
import type { Store } from '../store/open-store.ts'

/** What publishing the processes folder needs of the store. */
export type PublishingStore = Pick<
  Store,
  'listMatrices' | 'publishMatrix' | 'listDefinitions' | 'insertDefinition' | 'setDefinitionState' | 'liveDefinition'
>

/**
 * Makes the permission matrices of the processes folder today's, unless a later version is; answers with today's. A new
 * version must leave no process that is live in limbo.
 * @throws Error naming a version that has been published with another content, or what is wrong
 */
export async function publishPermissions(
  store: PublishingStore,
  processes: LoadedProcesses,
  { organisation, at, check }: { organisation: string; at: string; check: typeof checkDefinition },
): Promise<Matrices> {
  const published = await store.listMatrices(organisation)
  const latest = (name: string) => published.find(({ matrix }) => matrix === name)
  const today: Record<string, Matrix> = Object.fromEntries(
    [...published].reverse().map(({ matrix, document }) => [matrix, document]),
  )
  for (const matrix of Object.values(processes.matrices)) {
    const { matrix: name, version } = matrix
    if (version > (latest(name)?.version ?? 0)) {
      today[name] = matrix
      await refuseFlawed(store, { ...processes, matrices: today }, matrix, { organisation, at, check })
    } else if (!published.some(known => known.matrix === name && known.version === version)) continue
    const row = { organisation, matrix: name, version, document: matrix, publishedAt: at, publishedBy: 'system' }
    if ((await store.publishMatrix(row)) !== 'conflict') continue
    throw new Error(`permissions: version ${version} of "${name}" has another content already; raise its version`)
  }
  return today
}

async function refuseFlawed(
  store: PublishingStore,
  processes: LoadedProcesses,
  matrix: Matrix,
  { organisation, at, check }: { organisation: string; at: string; check: typeof checkDefinition },
): Promise<void> {
  const people = withoutThoseWhoLeft(processes.directory, at).people.filter(one => one.organisation === organisation)
  const lines = [...conditionFlaws(matrix), ...confirmerFlaws(matrix, people)].map(
    ({ path, code, mend }) => `  ${path.join('.')}  ${code}: ${mend}`,
  )
  for (const { state, processId, document } of await store.listDefinitions(organisation)) {
    const goesByIt = (document as { readonly permissions?: unknown }).permissions === matrix.matrix
    if (state !== 'live' || !goesByIt) continue
    const { result, problems } = check({ ...processes, definition: document }, { from: at, organisation })
    if (result !== 'proven') lines.push(...problems.map(({ code, mend }) => `  process ${processId}  ${code}: ${mend}`))
  }
  if (lines.length === 0) return
  const version = `version ${matrix.version} of the permissions "${matrix.matrix}"`
  throw new Error([`${version} cannot be published:`, ...lines].join('\n'))
}
