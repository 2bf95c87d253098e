import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnPart } from '../../cli/spawn-part.ts'
import { freePort } from '../../cli/temporal/port.ts'
import { KillablePart } from '../chaos/killable-part.ts'
import { startBenchServer } from '../floor/start-bench-server.ts'
import { serverVersion } from './server-version.ts'
import { startDatabase } from './start-database.ts'

/** nolimbo as in production, each part a process of its own, with nothing between them. */
export interface Installation {
  readonly temporalAddress: string
  readonly namespace: string
  readonly databaseUrl: string
  readonly apiUrl: string
  readonly sandboxUrl: string
  readonly parts: Readonly<Record<PartName, KillablePart>>
  /** Of the two servers. */
  readonly pids: { readonly server: number; readonly database: number }
  /** In words, for a page. */
  readonly servers: { readonly server: string; readonly store: string }
  readonly stop: () => Promise<void>
}

export type PartName = 'sandbox' | 'api' | 'worker'
export type ServerKind = 'dev' | 'postgres'

const root = join(import.meta.dirname, '../..')

export interface InstallationOptions {
  readonly kind: ServerKind
  /** Which of nolimbo's parts are started; the others can be, later. */
  readonly start: readonly PartName[]
  readonly env?: NodeJS.ProcessEnv
  readonly onLine?: (line: string) => void
}

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { kind, onLine = () => {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'nolimbo-installation-'))
  const stops: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })]
  const stop = async () => {
    for (const one of stops.toReversed()) await one()
  }
  try {
    const server = await startBenchServer(kind, join(root, '.nolimbo'))
    stops.push(server.stop)
    const database = server.databaseUrl === undefined ? await startDatabase() : undefined
    if (database !== undefined) stops.push(database.stop)
    const databaseUrl = database?.databaseUrl ?? server.databaseUrl!
    const ports = { api: await port(), sandbox: await port() }
    const apiUrl = `http://127.0.0.1:${ports.api}`
    const sandboxUrl = `http://127.0.0.1:${ports.sandbox}`
    const env = {
      ...process.env,
      PORT: `${ports.api}`,
      HOST: '127.0.0.1',
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: server.namespace,
      DATABASE_URL: databaseUrl,
      NOLIMBO_DATA: folder,
      NOLIMBO_PROCESSES: join(root, 'processes'),
      NOLIMBO_RATE_LIMIT: '100000000',
      SANDBOX_URL: sandboxUrl,
      SANDBOX_PORT: `${ports.sandbox}`,
      SANDBOX_DATA: join(folder, 'sandbox'),
      SANDBOX_CALLBACK_URL: apiUrl,
      ...options.env,
    }
    const part = (name: PartName, file: string, ready: RegExp) =>
      processPart(name, join(root, file), env, ready, onLine)
    const parts = {
      sandbox: part('sandbox', 'connectors/sandbox/main.ts', /"listening"/),
      api: part('api', 'api/main.ts', /the API answers/),
      worker: part('worker', 'worker/main.ts', /is current/),
    }
    for (const one of Object.values(parts)) stops.push(() => one.stop())
    for (const name of options.start) await parts[name].start()
    return {
      temporalAddress: server.address,
      namespace: server.namespace,
      databaseUrl,
      apiUrl,
      sandboxUrl,
      parts,
      pids: { server: server.serverPid, database: database?.databasePid ?? server.databasePid! },
      servers: {
        server: server.setting.server(await serverVersion(server.address)),
        store: database === undefined ? server.setting.store : durable,
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const durable = 'PostgreSQL (durable), a server of its own'
const port = () => freePort('127.0.0.1', 0, 'bench', '')

/** A node program that is ready when it says so. */
function processPart(
  name: PartName,
  file: string,
  env: NodeJS.ProcessEnv,
  ready: RegExp,
  onLine: (line: string) => void,
): KillablePart {
  let said = Promise.withResolvers<void>()
  const spawn = async () => {
    said = Promise.withResolvers<void>()
    // Whoever starts it waits for what it says; if it ends before, it is told below.
    said.promise.catch(() => {})
    const part = await spawnPart({
      name,
      kind: 'guarded',
      command: process.execPath,
      args: [file],
      env,
      onLine: line => {
        onLine(`[${name}] ${line.slice(0, 300)}`)
        if (ready.test(line)) said.resolve()
      },
    })
    const { reject } = said
    void part.ended.then(() => reject(new Error(`${name} ended; it wrote:\n${part.lastLines().join('\n')}`)))
    return part
  }
  return new KillablePart(name, spawn, () => said.promise)
}
