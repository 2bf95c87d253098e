import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What Prometheus reads at `/metrics`. Labels have few values: nothing that a caller makes up goes into one. */
export interface Metrics {
  readonly registry: Registry
  readonly requests: Counter<'method' | 'route' | 'status'>
  readonly requestSeconds: Histogram<'method' | 'route'>
  readonly ordersStarted: Counter<'process'>
  readonly commands: Counter<'command' | 'outcome'>
  readonly facts: Counter<'state'>
  readonly clockDead: Gauge
  readonly untold: Gauge
  readonly unstarted: Gauge
  readonly calendarHorizon: Gauge<'calendar'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    requests: new Counter({
      name: 'nolimbo_http_requests_total',
      help: 'Requests answered',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'nolimbo_http_request_seconds',
      help: 'How long answering took',
      labelNames: ['method', 'route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    ordersStarted: new Counter({
      name: 'nolimbo_orders_started_total',
      help: 'Orders accepted for the first time',
      labelNames: ['process'],
      registers,
    }),
    commands: new Counter({
      name: 'nolimbo_commands_total',
      help: 'Commands by what became of them: done, or the code of the refusal',
      labelNames: ['command', 'outcome'],
      registers,
    }),
    facts: new Counter({
      name: 'nolimbo_facts_total',
      help: 'Facts reported: taken by their order, or parked for it',
      labelNames: ['state'],
      registers,
    }),
    clockDead: new Gauge({
      name: 'nolimbo_clock_dead_orders',
      help: 'Open orders that the clock should have moved more than two minutes ago',
      registers,
    }),
    calendarHorizon: new Gauge({
      name: 'nolimbo_calendar_horizon_seconds',
      help: 'Until when the holidays of each calendar are known, in seconds since 1970',
      labelNames: ['calendar'],
      registers,
    }),
    untold: new Gauge({
      name: 'nolimbo_last_resort_exceptions',
      help: 'Open exceptions of orders for which nobody up to the top was told or has answered',
      registers,
    }),
    unstarted: new Gauge({
      name: 'nolimbo_unstarted_orders',
      help: 'Accepted orders that the last sweep found without a workflow',
      registers,
    }),
  }
}
