import { z } from 'zod'
import type { OverdueOrder } from '../../store/order-sweep.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'
import { isOpen } from '../watchdog.ts'

const part = z.enum(['ok', 'away'])
const readySchema = z.object({
  status: z.enum(['ready', 'degraded', 'unavailable']),
  temporal: part,
  store: part,
  clock: z.enum(['ok', 'dead', 'unknown']).describe('dead: orders are more than two minutes past their deadline'),
  people: z
    .enum(['ok', 'unreached', 'unknown'])
    .describe('unreached: of some order nobody up to the top could be told, or has answered'),
  reasons: z.array(z.string()).describe('why it is not ready, or degraded, in words'),
})

export function healthRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/healthz',
      tag: 'Operation',
      summary: 'Whether this process answers',
      open: true,
      answers: { 200: { description: 'It does', schema: z.object({ status: z.literal('ok') }) } },
      problems: [],
      handle: async () => ({ status: 200, body: { status: 'ok' } }),
    }),
    readyRoute(deps),
    route({
      method: 'get',
      path: '/metrics',
      tag: 'Operation',
      summary: 'Counters for Prometheus',
      open: true,
      answers: { 200: { description: 'In the text format of Prometheus', type: 'text/plain' } },
      problems: [],
      async handle() {
        const { registry } = deps.metrics
        return { status: 200, body: await registry.metrics(), headers: { 'Content-Type': registry.contentType } }
      },
    }),
  ]
}

function readyRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/readyz',
    tag: 'Operation',
    summary: 'Whether orders can be placed and moved: Temporal, the store, and the clock of the orders',
    open: true,
    answers: {
      200: {
        description: 'Ready; degraded if the clock is dead, or nobody answers for some order',
        schema: readySchema,
      },
      503: { description: 'Temporal or the store is away', schema: readySchema, type: 'application/json' },
    },
    problems: [],
    async handle() {
      const answers = async (asked: Promise<unknown>) => asked.then(() => 'ok' as const).catch(() => 'away' as const)
      const [temporal, store, late, untold] = await Promise.all([
        answers(deps.orders.ping()),
        answers(deps.store.ping()),
        orUnknown(deps.store.overdueClock(deps.clock().toISOString(), 1)),
        orUnknown(untoldOrders(deps)),
      ])
      const clock = late === 'unknown' ? late : late.length === 0 ? 'ok' : 'dead'
      const people = untold === 'unknown' ? untold : untold.length === 0 ? 'ok' : 'unreached'
      const away = temporal === 'away' || store === 'away'
      const reasons = [
        ...(temporal === 'away' ? ['Temporal does not answer'] : []),
        ...(store === 'away' ? ['the store does not answer'] : []),
        ...reasonsOf(late, untold),
      ]
      const status = away ? 'unavailable' : clock === 'dead' || people === 'unreached' ? 'degraded' : 'ready'
      return { status: away ? 503 : 200, body: { status, temporal, store, clock, people, reasons } }
    },
  })
}

async function untoldOrders({ store }: ApiDependencies): Promise<readonly unknown[]> {
  return (await store.graveExceptions('undelivered', 1_000)).filter(isOpen)
}

async function orUnknown<T>(asked: Promise<T>): Promise<T | 'unknown'> {
  return asked.catch(() => 'unknown' as const)
}

/** Anybody may ask: no order is named. */
function reasonsOf(clock: readonly OverdueOrder[] | 'unknown', untold: readonly unknown[] | 'unknown'): string[] {
  return [
    ...(clock === 'unknown'
      ? []
      : clock.map(({ dueAt }) => `the clock of the orders is dead: one was due at ${dueAt}`)),
    ...(untold === 'unknown' || untold.length === 0
      ? []
      : [`nobody answers for ${untold.length} orders: see GET /api/exceptions?kind=undelivered&status=open`]),
  ]
}
