import type { Cost } from './cost-of-history.ts'

/** What must not get dearer unnoticed: none of it depends on the machine. Kept in limits.json. */
export interface Limits {
  /** Of the workflows' script. */
  readonly bundleBytes: number
  /** Of one order, by who drives it. */
  readonly orders: Readonly<Record<string, Omit<Cost, 'bytes'>>>
}

export interface Costs {
  readonly bundleBytes: number
  readonly orders: Readonly<Record<string, Omit<Cost, 'bytes'>>>
}

const words = { events: 'events', tasks: 'workflow tasks', actions: 'billable actions' } as const

/** Each limit that is exceeded, or that nothing was measured for. */
export function breaches(limits: Limits, costs: Costs): string[] {
  const found = Object.entries(limits.orders).flatMap(([name, most]) => {
    const cost = costs.orders[name]
    if (cost === undefined) return [`${name}: not measured`]
    return (['events', 'tasks', 'actions'] as const).flatMap(what =>
      cost[what] > most[what] ? [`${name}: ${cost[what]} ${words[what]} an order, at most ${most[what]}`] : [],
    )
  })
  if (costs.bundleBytes <= limits.bundleBytes) return found
  return [...found, `the workflows' script has ${costs.bundleBytes} bytes, at most ${limits.bundleBytes}`]
}
