import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PartEnd } from '../child-end.ts'
import type { RunningRecord } from '../running.ts'
import { type Part, spawnPart } from '../spawn-part.ts'
import { freePort } from './port.ts'
import { untilTemporalAnswers } from './until-temporal-answers.ts'

export type StartTemporalOptions = {
  /** Path of the Temporal CLI: see `findTemporal`. */
  readonly executable: string
  /** Where `temporal.db` lives; without it everything is kept in memory and lost at the end. */
  readonly dataFolder?: string
  readonly namespace?: string
  /** 0 picks a free one. */
  readonly port?: number
  /** 0 picks a free one; `none` starts no Web UI. */
  readonly uiPort?: number | 'none'
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'never'
  /** Settings of the server itself. */
  readonly dynamicConfig?: Readonly<Record<string, string | number>>
  readonly startTimeoutMs?: number
  readonly onLine?: (line: string) => void
  readonly running?: RunningRecord
}

export type LocalTemporal = {
  readonly address: string
  readonly namespace: string
  readonly uiUrl: string | undefined
  readonly pid: number
  /** Fulfilled when the server has ended for whatever reason; whether it is started again is the caller's business. */
  readonly ended: Promise<PartEnd>
  readonly stop: () => Promise<void>
}

const HOST = '127.0.0.1'
const START_TIMEOUT_MS = 30_000
// A port that is picked may be taken by another program before the server has it.
const ATTEMPTS_WITH_PICKED_PORTS = 3

/**
 * Starts Temporal's dev server on loopback and waits until its namespace answers.
 * @throws if a port is taken, or the server does not answer in time; the message carries what it wrote last
 */
export const startTemporal = async (options: StartTemporalOptions): Promise<LocalTemporal> => {
  const picksPorts = options.port === 0 || options.uiPort === 0
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options)
    } catch (error) {
      const lostPort = (error as Error).message.includes('address already in use')
      if (!picksPorts || !lostPort || attempt === ATTEMPTS_WITH_PICKED_PORTS) throw error
    }
  }
}

const startOnce = async (options: StartTemporalOptions): Promise<LocalTemporal> => {
  const { namespace = 'default', startTimeoutMs = START_TIMEOUT_MS } = options
  const { port, uiPort } = await choosePorts(options.port ?? 7233, options.uiPort ?? 8233)
  const part = await spawnPart({
    name: 'temporal',
    kind: 'guarded',
    command: options.executable,
    args: serverArguments(options, namespace, port, uiPort),
    onLine: options.onLine,
    running: options.running,
  })
  const address = `${HOST}:${port}`
  await answersOrStop(part, address, namespace, startTimeoutMs)
  return {
    address,
    namespace,
    uiUrl: uiPort === 'none' ? undefined : `http://${HOST}:${uiPort}`,
    pid: part.pid,
    ended: part.ended,
    stop: async () => {
      await part.stop()
    },
  }
}

const choosePorts = async (port: number, uiPort: number | 'none') => {
  const mend = (variable: string) =>
    `Set ${variable} to another port (0 picks a free one), or TEMPORAL_ADDRESS to use a Temporal server that is running already.`
  return {
    port: await freePort(HOST, port, 'the Temporal server', mend('TEMPORAL_PORT')),
    uiPort: uiPort === 'none' ? uiPort : await freePort(HOST, uiPort, "Temporal's Web UI", mend('TEMPORAL_UI_PORT')),
  }
}

const serverArguments = (
  { dataFolder, logLevel = 'error', dynamicConfig = {} }: StartTemporalOptions,
  namespace: string,
  port: number,
  uiPort: number | 'none',
): readonly string[] => {
  const database = dataFolder === undefined ? [] : ['--db-filename', join(dataFolder, 'temporal.db')]
  if (dataFolder !== undefined) mkdirSync(dataFolder, { recursive: true })
  const ui = uiPort === 'none' ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']
  const where = ['--ip', HOST, '--port', String(port), '--namespace', namespace]
  const settings = Object.entries(dynamicConfig).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${value}`,
  ])
  return ['server', 'start-dev', ...where, ...database, ...ui, ...settings, '--log-level', logLevel]
}

const answersOrStop = async (part: Part, address: string, namespace: string, timeoutMs: number): Promise<void> => {
  const aborted = new AbortController()
  const endedEarly = part.ended.then(({ code, signal }) => {
    throw new Error(`it ended by itself (${signal ?? `code ${code}`})`)
  })
  try {
    await Promise.race([untilTemporalAnswers(address, namespace, timeoutMs, aborted.signal), endedEarly])
  } catch (error) {
    await part.stop()
    const output = part.lastLines().join('\n') || '(nothing)'
    throw new Error(`The Temporal server did not start: ${(error as Error).message}. It wrote:\n${output}`)
  } finally {
    aborted.abort()
    // Its later end is no error of the start.
    endedEarly.catch(() => {})
  }
}
