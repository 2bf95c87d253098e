import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'
import { type Logger, pino } from 'pino'
import { tellLastResort } from '../activities/tell-last-resort.ts'
import type { Environment } from '../config/environment.ts'
import type { LoadedProcesses } from '../config/processes.ts'
import { temporalAccess } from '../config/temporal-access.ts'
import type { Outbox } from '../notices/outbox.ts'
import { temporalOrderClient } from '../order-client/temporal-order-client.ts'
import { keepDirectory } from '../store/kept-directory.ts'
import type { Store } from '../store/open-store.ts'
import { createApp } from './app.ts'
import { tellHorizons } from './calendar-horizons.ts'
import { createHttpServer } from './http/http-server.ts'
import { createMetrics } from './metrics.ts'
import { type CheckProcess, checkInThread } from './process-check.ts'
import { startSweep } from './sweep.ts'
import { startWatchdog } from './watchdog.ts'

export interface ApiOptions {
  readonly environment: Environment
  readonly store: Store
  readonly processes: LoadedProcesses
  /** Sends what the API itself has to tell people; without one, the inbox is all. */
  readonly outbox?: Outbox
  /** Of the Temporal server; it need not be there yet. */
  readonly temporalAddress: string
  /** Of the Temporal Web UI. */
  readonly temporalUiUrl?: string
  /** Default: warnings and worse, to standard output. */
  readonly logger?: Logger
  /** Default: the no-limbo check, in a thread of its own. */
  readonly check?: CheckProcess
}

export interface RunningApi {
  readonly url: string
  /** Takes no new request, finishes those under way (ten seconds at most), and lets go of Temporal; the store stays open. */
  readonly close: () => Promise<void>
}

/** With the pauses between them: about a second. */
const mostAttempts = 4

/** Serves the API on the environment's host and port, with the sweep and the watchdog beside it. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { environment, store, processes, outbox, temporalUiUrl } = options
  const logger = options.logger ?? pino({ name: 'nolimbo-api', level: 'warn' })
  const connection = Connection.lazy({
    ...temporalAccess(environment.temporal, options.temporalAddress),
    // A server that comes back is found again at once.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2_000 },
    // Whoever asks is told within seconds that it is away.
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: mostAttempts }))],
  })
  const client = new Client({ connection, namespace: environment.temporal.namespace })
  const clock = () => new Date()
  const people = keepDirectory(store, processes.directory)
  const app = createApp({
    store,
    orders: temporalOrderClient(client),
    processes,
    environment,
    logger,
    clock,
    metrics: createMetrics(),
    tellLastResort: alarm => tellLastResort({ store, directory: people.today, ...(outbox && { outbox }) }, alarm),
    check: options.check ?? checkInThread(processes, clock),
    ...(temporalUiUrl === undefined ? {} : { temporalUiUrl }),
  })
  tellHorizons(app.deps)
  const server = createHttpServer(app.express)
  try {
    await listen(server, environment)
  } catch (error) {
    await connection.close()
    throw error
  }
  const beside = [startSweep(app.deps), startWatchdog(app.deps)]
  return {
    url: urlOf(server, environment.host),
    async close() {
      await Promise.all([...beside.map(timer => timer.stop()), endRequests(server)])
      await connection.close()
    },
  }
}

async function listen(server: Server, { host, port }: Environment): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      reject(taken ? new Error(`${host}:${port} is in use: choose another PORT`, { cause: error }) : error)
    })
    server.listen(port, host, resolve)
  })
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

const lastRequestsMs = 10_000

/** Stops listening; connections that are idle are closed, those that are not when their request is answered. */
export async function endRequests(server: Server, atMostMs: number = lastRequestsMs): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  // A connection whose request has been answered would otherwise be kept alive for a while.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const tooLong = setTimeout(() => server.closeAllConnections(), atMostMs)
  await closed
  clearInterval(idle)
  clearTimeout(tooLong)
}
