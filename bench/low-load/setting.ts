import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Part, spawnPart } from '../../cli/spawn-part.ts'
import { freePort } from '../../cli/temporal/port.ts'
import { startBenchServer } from '../floor/start-bench-server.ts'
import { serverVersion } from '../installation/server-version.ts'
import { startInstallation } from '../installation/start-installation.ts'

export const kinds = ['dev', 'postgres', 'start'] as const
export type Kind = (typeof kinds)[number]

/** Where the two are compared: one Temporal server, a worker of each. */
export interface LowLoadSetting {
  readonly temporalAddress: string
  readonly apiUrl: string
  readonly title: string
  readonly server: string
  readonly store: string
  readonly stop: () => Promise<void>
}

const root = join(import.meta.dirname, '../..')

export async function startSetting(kind: Kind): Promise<LowLoadSetting> {
  const started = kind === 'start' ? await allInOne() : await apart(kind)
  try {
    const floor = await floorWorker(started.temporalAddress)
    return {
      ...started,
      async stop() {
        await floor.stop()
        await started.stop()
      },
    }
  } catch (error) {
    await started.stop()
    throw error
  }
}

async function apart(kind: 'dev' | 'postgres'): Promise<LowLoadSetting> {
  const installation = await startInstallation({ kind, start: ['sandbox', 'api', 'worker'] })
  return {
    ...installation,
    ...installation.servers,
    title: `At low load, ${kind === 'dev' ? 'on the dev server' : 'on PostgreSQL'}`,
  }
}

/** What `npm start` runs, on a server of ours: API, worker and store in one process. */
async function allInOne(): Promise<LowLoadSetting> {
  const folder = mkdtempSync(join(tmpdir(), 'nolimbo-low-load-'))
  const server = await startBenchServer('dev', join(root, '.nolimbo'))
  const port = await freePort('127.0.0.1', 0, 'bench', '')
  const env = { ...process.env, PORT: `${port}`, TEMPORAL_ADDRESS: server.address, NOLIMBO_DATA: folder }
  const program = await startProgram('start', ['cli/main.ts', 'up'], env, /nolimbo is up/)
  return {
    temporalAddress: server.address,
    apiUrl: `http://127.0.0.1:${port}`,
    title: 'At low load, as `npm start` runs it',
    server: server.setting.server(await serverVersion(server.address)),
    store: 'PGlite on disk, in one process with API and worker',
    async stop() {
      await program.stop()
      await server.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const floorWorker = (address: string) =>
  startProgram('floor', ['bench/floor/floor-worker.ts'], { ...process.env, TEMPORAL_ADDRESS: address }, /is polling/)

/** Fulfilled when it says that it is ready. */
async function startProgram(
  name: string,
  [file = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  ready: RegExp,
): Promise<Part> {
  const said = Promise.withResolvers<void>()
  const part = await spawnPart({
    name,
    kind: 'guarded',
    command: process.execPath,
    args: [join(root, file), ...args],
    env,
    graceMs: 15_000,
    onLine: line => {
      if (ready.test(line)) said.resolve()
    },
  })
  void part.ended.then(() => said.reject(new Error(`${name} ended; it wrote:\n${part.lastLines().join('\n')}`)))
  await said.promise
  return part
}
