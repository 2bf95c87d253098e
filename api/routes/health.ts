import { z } from 'zod'
import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'

const part = z.enum(['ok', 'away'])
const readySchema = z.object({
  status: z.enum(['ready', 'degraded', 'unavailable']),
  temporal: part,
  store: part,
  clock: z.enum(['ok', 'dead', 'unknown']).describe('dead: orders are more than two minutes past their deadline'),
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
      200: { description: 'Ready; degraded if the clock is dead', schema: readySchema },
      503: { description: 'Temporal or the store is away', schema: readySchema, type: 'application/json' },
    },
    problems: [],
    async handle() {
      const answers = async (asked: Promise<unknown>) => asked.then(() => 'ok' as const).catch(() => 'away' as const)
      const [temporal, store, clock] = await Promise.all([
        answers(deps.orders.ping()),
        answers(deps.store.ping()),
        clockState(deps),
      ])
      const away = temporal === 'away' || store === 'away'
      const status = away ? 'unavailable' : clock === 'dead' ? 'degraded' : 'ready'
      return { status: away ? 503 : 200, body: { status, temporal, store, clock } }
    },
  })
}

async function clockState(deps: ApiDependencies): Promise<'ok' | 'dead' | 'unknown'> {
  try {
    return (await deps.store.overdueClock(deps.clock().toISOString(), 1)).length === 0 ? 'ok' : 'dead'
  } catch {
    return 'unknown'
  }
}
