/** The API on a port of its own, with a real store (PGlite in memory, shared by all tests) and orders without Temporal. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Alarm } from '../../activities/tell-last-resort.ts'
import { type App, createApp } from '../../api/app.ts'
import { createHttpServer } from '../../api/http/http-server.ts'
import { createMetrics } from '../../api/metrics.ts'
import { type CheckProcess, checkInThread } from '../../api/process-check.ts'
import { publishDefinitions } from '../../api/publish-definitions.ts'
import { endRequests } from '../../api/serve.ts'
import type { AuthSettings, RateLimits } from '../../config/auth-environment.ts'
import { loadProcesses } from '../../config/processes.ts'
import type { CompiledCalendar } from '../../domain/calendar/compile-calendar.ts'
import type { Store } from '../../store/open-store.ts'
import { afterAllFiles } from '../all-files.ts'
import { memoryStore } from '../new-store.ts'
import { FakeOrders } from './fake-orders.ts'

const loaded = loadProcesses(join(import.meta.dirname, '../../processes'))
let shared: Promise<Store> | undefined

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not there
  readonly body: any
  readonly headers: Headers
}

export interface Asking {
  /** A person of the demo. */
  readonly as?: string
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface RunningApi extends App {
  readonly url: string
  readonly organisation: string
  readonly store: Store
  readonly orders: FakeOrders
  /** Lines that were logged, as JSON. */
  readonly logged: readonly Record<string, unknown>[]
  /** What the last resort was told. */
  readonly alarms: readonly Alarm[]
  readonly get: (path: string, asking?: Asking) => Promise<Reply>
  readonly post: (path: string, body: unknown, asking?: Asking) => Promise<Reply>
  readonly put: (path: string, body: unknown, asking?: Asking) => Promise<Reply>
  /** Places an order of the sales process; `total` is what its one line costs. */
  readonly place: (total?: string, changes?: object) => Promise<string>
  readonly key: (orderNo: string) => { organisation: string; orderNo: string }
  /** Sets the time that the API believes in. */
  readonly setTime: (at: string) => void
  readonly close: () => Promise<void>
}

export interface ApiSettings {
  /** Stands before the store, to break it. */
  readonly around?: (store: Store) => Store
  readonly check?: CheckProcess
  /** Today's, instead of those of the folder; a test may change them. */
  readonly calendars?: Record<string, CompiledCalendar>
  readonly auth?: AuthSettings
  readonly rateLimits?: RateLimits
}

const proven = () => ({ result: 'proven', problems: [], steps: [], states: 1, dayMs: 1 }) as const

export const monday = '2026-03-02T02:00:00.000Z'

export async function runApi(settings: ApiSettings = {}): Promise<RunningApi> {
  shared ??= memoryStore()
  const store = await shared
  const organisation = `org-${randomUUID().slice(0, 8)}`
  const people = loaded.directory.people.map(person => ({ ...person, organisation }))
  const processes = {
    ...loaded,
    directory: { ...loaded.directory, people },
    calendars: settings.calendars ?? loaded.calendars,
  }
  let now = monday
  const clock = () => new Date(now)
  // They were proven elsewhere; an organisation of its own for each test would prove them again and again.
  await store.storePeople(people, now)
  await publishDefinitions(store, processes, now, proven)
  const orders = new FakeOrders(store, clock)
  const alarms: Alarm[] = []
  const logged: Record<string, unknown>[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line)) })
  const app = createApp({
    store: settings.around?.(store) ?? store,
    orders,
    processes,
    environment: {
      auth: settings.auth ?? { kinds: ['demo'] },
      rateLimits: settings.rateLimits ?? { perIdentity: 100_000, perAddress: 100_000 },
      host: '127.0.0.1',
      temporal: { namespace: 'default', port: 0, uiPort: 0 },
    },
    logger,
    clock,
    metrics: createMetrics(),
    async tellLastResort(alarm) {
      alarms.push(alarm)
      return { ok: true, persons: ['admin'], channel: 'inbox' }
    },
    check: settings.check ?? checkInThread(processes, clock),
    temporalUiUrl: 'http://localhost:8233',
  })
  const server = createHttpServer(app.express)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = (method: string, path: string, asking: Asking = {}, body?: string) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer demo-${asking.as ?? 'shop'}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(asking.key === undefined ? {} : { 'Idempotency-Key': asking.key }),
        ...asking.headers,
      },
      ...(body === undefined ? {} : { body }),
    }).then(replyOf)
  const post: RunningApi['post'] = (path, body, asking) =>
    ask('POST', path, asking, typeof body === 'string' ? body : JSON.stringify(body))
  let placed = 0
  return {
    ...app,
    url,
    organisation,
    store,
    orders,
    logged,
    alarms,
    get: (path, asking) => ask('GET', path, asking),
    post,
    put: (path, body, asking) => ask('PUT', path, asking, JSON.stringify(body)),
    async place(total = '100.00', changes = {}) {
      placed += 1
      const orderNo = `SO-${placed}`
      const reply = await post('/api/orders', orderRequest({ orderNo, total, ...changes }))
      if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
      return reply.body.orderNo
    },
    key: orderNo => ({ organisation, orderNo }),
    setTime(at) {
      now = at
    },
    async close() {
      await endRequests(server, 1_000)
      // The sweep of another test would find them.
      for (const { id } of (await store.listBulks({ organisation, limit: 1000 })).items) {
        await store.finishBulk({ organisation, id }, now, true)
      }
    },
  }
}

export function orderRequest({ total = '100.00', ...changes }: { total?: string; [more: string]: unknown } = {}) {
  return {
    orderNo: 'SO-1',
    customer: { id: 'c1', name: 'Li' },
    currency: 'CNY',
    lines: [{ sku: 'chair', quantity: 1, unitPrice: total }],
    ...changes,
  }
}

async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
}

afterAllFiles('close the store of the API tests', async () => {
  await (await shared)?.close()
})
