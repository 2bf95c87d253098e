import type { Client } from '@temporalio/client'
import { codeOf, type Deployment, deploymentOf } from '../../worker/versions/deployment.ts'
import { countOpen, type Place, pollers } from '../../worker/versions/workflows-on.ts'

export interface VersionRow {
  /** Null: orders from before there were versions. */
  readonly buildId: string | null
  readonly is: 'current' | 'not released' | 'draining' | 'empty' | 'drained' | 'without workers' | 'unversioned'
  /** Open workflows, clocks of exceptions included. */
  readonly open: number
  /** Null: of a version that has never been current the server does not say. */
  readonly workers: number | null
}

const notFound = 5

/** Every version that the server knows; the newest first. */
export async function versionList(client: Client, place: Place): Promise<readonly VersionRow[]> {
  const [deployment, polling, unversioned] = await Promise.all([
    knownDeployment(client, place.deploymentName),
    pollers(client, place),
    countOpen(client, place, null),
  ])
  const rows = await Promise.all(
    deployment.versions.map(async ({ buildId, drainage }): Promise<VersionRow> => {
      const [open, workers] = [await countOpen(client, place, buildId), polling.get(buildId) ?? 0]
      const is = buildId === deployment.current ? 'current' : stateOf({ open, workers, drainage })
      return { buildId, is, open, workers: is === 'not released' ? null : workers }
    }),
  )
  const workers = polling.get(null) ?? 0
  if (unversioned === 0 && workers === 0) return rows
  return [...rows, { buildId: null, is: 'unversioned', open: unversioned, workers }]
}

/** None of its workers may ever have polled. */
async function knownDeployment(client: Client, name: string): Promise<Pick<Deployment, 'current' | 'versions'>> {
  try {
    return await deploymentOf(client, name)
  } catch (error) {
    if (codeOf(error) === notFound) return { current: undefined, versions: [] }
    throw error
  }
}

function stateOf({
  open,
  workers,
  drainage,
}: {
  open: number
  workers: number
  drainage: Deployment['versions'][number]['drainage']
}): VersionRow['is'] {
  if (open > 0) return workers === 0 ? 'without workers' : 'draining'
  if (drainage === 'unknown') return 'not released'
  return drainage === 'drained' ? 'drained' : 'empty'
}

const notes: Readonly<Record<VersionRow['is'], string>> = {
  current: 'new orders go to it',
  'not released': 'no order goes to it yet',
  draining: 'its workers stay until the orders have moved or ended',
  empty: 'the server has not yet said that it is drained: look again in a few minutes',
  drained: 'its workers may be stopped',
  'without workers': 'its orders stand still: start a worker of this version',
  unversioned: 'from before there were versions: they go to the current one with their next task',
}

export function versionTable(rows: readonly VersionRow[]): string {
  const cells = rows.map(({ buildId, is, open, workers }) => {
    const note = is === 'current' && workers === 0 ? 'no worker of it polls: nothing moves' : notes[is]
    return [buildId ?? '(none)', is, `${open}`, `${workers ?? '?'}`, note] as const
  })
  const table = [['version', 'is', 'open', 'workers', ''] as const, ...cells]
  const widths = [0, 1, 2, 3].map(column => Math.max(...table.map(row => row[column]!.length)))
  return table
    .map(([version, is, open, workers, note]) =>
      [version.padEnd(widths[0]!), is.padEnd(widths[1]!), open.padStart(widths[2]!), workers.padStart(widths[3]!), note]
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
