import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../config/environment.ts'
import type { RunningRecord } from '../running.ts'
import { type Part, spawnPart } from '../spawn-part.ts'
import { findTemporal } from '../temporal/find-temporal.ts'
import { startTemporal } from '../temporal/start-temporal.ts'
import { keepAlive } from './keep-alive.ts'

/** Where Temporal is, and how to end it if it is ours. */
export interface TemporalPart {
  readonly address: string
  readonly uiUrl?: string
  readonly stop: () => Promise<void>
}

/** The server that `TEMPORAL_ADDRESS` names, or one of our own whose orders survive a restart. */
export async function temporalPart(environment: Environment, running: RunningRecord, say: Say): Promise<TemporalPart> {
  const { dataFolder, temporal } = environment
  if (temporal.address !== undefined) {
    say('Temporal', `${temporal.address} (TEMPORAL_ADDRESS)`)
    return { address: temporal.address, stop: async () => {} }
  }
  const found = await findTemporal({ dataFolder })
  let ports = { port: temporal.port, uiPort: temporal.uiPort }
  const start = async () => {
    const started = await startTemporal({
      executable: found.path,
      dataFolder,
      namespace: temporal.namespace,
      ...ports,
      logLevel: 'error',
      onLine: () => {},
      running,
    })
    // Worker and API look for it where it was.
    ports = { port: portOf(started.address), uiPort: portOf(started.uiUrl!) }
    return started
  }
  const keeper = await keepAlive(start, what => say('Temporal', what))
  const { address, uiUrl } = keeper.first
  say('Temporal', `${address}, Web UI ${uiUrl}`)
  return { address, ...(uiUrl === undefined ? {} : { uiUrl }), stop: keeper.stop }
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1))
}

/** Warehouse, carrier and bank for trying things out, as a process of their own. */
export async function sandboxPart(
  environment: Environment,
  callbackUrl: string,
  running: RunningRecord,
  say: Say,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const folder = join(environment.dataFolder, 'sandbox')
  mkdirSync(folder, { recursive: true })
  let port = environment.sandboxPort
  const start = async (): Promise<Part> => {
    const listening = Promise.withResolvers<number>()
    const part = await spawnPart({
      name: 'sandbox',
      kind: 'own',
      command: join(import.meta.dirname, '../../connectors/sandbox/main.ts'),
      args: [],
      env: {
        ...process.env,
        SANDBOX_PORT: String(port),
        SANDBOX_DATA: folder,
        SANDBOX_CALLBACK_URL: callbackUrl,
      },
      onLine: line => {
        if (!line.startsWith('{"listening"')) console.error(`[sandbox] ${line}`)
      },
      onMessage: message => listening.resolve((message as { listening: number }).listening),
      running,
    })
    const ended = part.ended.then(() => {
      throw new Error(`the sandbox ended at once: ${part.lastLines().join('\n')}`)
    })
    port = await Promise.race([listening.promise, ended])
    return part
  }
  const keeper = await keepAlive(start, what => say('Sandbox', what))
  const url = `http://127.0.0.1:${port}`
  say('Sandbox', `${url} (GET /ledger, PUT /faults)`)
  return { url, stop: keeper.stop }
}

export type Say = (part: string, what: string) => void
