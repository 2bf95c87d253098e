import { findTemporal } from '../../cli/temporal/find-temporal.ts'
import { startTemporal } from '../../cli/temporal/start-temporal.ts'
import type { Setting } from './comparison-section.ts'
import type { MeasuredProcesses } from './cpu-meter.ts'
import { startProductionTemporal } from './production-temporal.ts'

export interface BenchServer extends MeasuredProcesses {
  readonly address: string
  readonly namespace: string
  /** nolimbo's store; without it, PGlite in memory. */
  readonly databaseUrl?: string
  readonly setting: Pick<Setting, 'command' | 'title' | 'store'> & { readonly server: (version: string) => string }
  readonly stop: () => Promise<void>
}

export async function startBenchServer(kind: 'dev' | 'postgres', dataFolder: string): Promise<BenchServer> {
  if (kind === 'postgres') {
    const server = await startProductionTemporal(dataFolder, line => console.error(line))
    return {
      ...server,
      setting: {
        command: 'npm run bench -- --server postgres',
        title: 'Against a hand-written workflow, on PostgreSQL',
        server: version => `Temporal ${version}, all its services in one process, on PostgreSQL (durable)`,
        store: 'the same PostgreSQL server',
      },
    }
  }
  const program = await findTemporal({ dataFolder })
  const server = await startTemporal({ executable: program.path, port: 0, uiPort: 'none', onLine: () => {} })
  return {
    ...server,
    serverPid: server.pid,
    setting: {
      command: 'npm run bench',
      title: 'Against a hand-written workflow, on the dev server',
      server: version => `Temporal dev server ${version} (in memory)`,
      store: 'PGlite in memory, in the worker',
    },
  }
}
