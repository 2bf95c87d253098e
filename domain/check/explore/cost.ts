import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import { durationMs } from '../../calendar/working-time.ts'
import { type Starts, worstWallMs, worstWorkingMs } from '../../calendar/worst-case.ts'
import type { Duration } from '../../parse-duration.ts'

/** A length of time that is partly counted in working time of the process's calendar, partly by the wall clock. In ms. */
export interface Cost {
  readonly working: number
  readonly wall: number
}

/** At most as long as the longest of these: which one that is depends on when it begins. */
export type Costs = readonly Cost[]

const zero: Cost = { working: 0, wall: 0 }
const infinite: Cost = { working: Number.POSITIVE_INFINITY, wall: Number.POSITIVE_INFINITY }
export const nothing: Costs = [zero]
export const never: Costs = [infinite]

export function sum(a: Costs, b: Costs): Costs {
  const [one, other] = [a[0]!, b[0]!]
  if (a.length === 1 && b.length === 1) return [plus(one, other)]
  return a.flatMap(x => b.map(y => plus(x, y))).reduce<Costs>(withCost, [])
}

/** At most as long as the longer of the two. */
export function longer(a: Costs, b: Costs): Costs {
  return a === b ? a : b.reduce(withCost, a)
}

/** More than this many that cannot be compared are taken together, as one that is longer than each. */
const mostCosts = 6

function withCost(costs: Costs, cost: Cost): Costs {
  if (costs.some(other => other.working >= cost.working && other.wall >= cost.wall)) return costs
  const left = costs.filter(other => other.working > cost.working || other.wall > cost.wall)
  if (left.length < mostCosts) return [...left, cost]
  return [
    {
      working: Math.max(cost.working, ...left.map(other => other.working)),
      wall: Math.max(cost.wall, ...left.map(other => other.wall)),
    },
  ]
}

function plus(a: Cost, b: Cost): Cost {
  return { working: a.working + b.working, wall: a.wall + b.wall }
}

/** The one that is shorter by rule of thumb. Either would be a bound. */
export function shorter(a: Costs, b: Costs): Costs {
  return thumb(a) <= thumb(b) ? a : b
}

/** By rule of thumb a week has 168 hours, 40 of them working. */
export function thumb(costs: Costs): number {
  let most = 0
  for (const { working, wall } of costs) most = Math.max(most, working * 4.2 + wall)
  return most
}

export interface WorstCase {
  readonly workingMs: number
  readonly wallMs: number
}

/** Turns costs into what they are at worst, whenever they begin: in working time, and by the wall clock over holidays. */
export class WorstCases {
  private readonly calendar: CompiledCalendar
  private readonly starts: Starts
  private readonly known = new WeakMap<Costs, WorstCase>()

  constructor(calendar: CompiledCalendar, from: string) {
    this.calendar = calendar
    this.starts = { from }
  }

  of(costs: Costs): WorstCase {
    let worst = this.known.get(costs)
    if (worst === undefined) {
      const times = costs.map(cost => this.ofOne(cost))
      worst = {
        workingMs: Math.max(...times.map(time => time.workingMs)),
        wallMs: Math.max(...times.map(time => time.wallMs)),
      }
      this.known.set(costs, worst)
    }
    return worst
  }

  private ofOne({ working, wall }: Cost): WorstCase {
    if (!Number.isFinite(working + wall)) return { workingMs: working + wall, wallMs: working + wall }
    return {
      workingMs: working + (wall === 0 ? 0 : worstWorkingMs(this.calendar, wall, this.starts)),
      wallMs: wall + (working === 0 ? 0 : worstWallMs(this.calendar, working, this.starts)),
    }
  }

  /** A length counted by a calendar: as working time only where it is the process's own. */
  cost(calendar: CompiledCalendar, ms: number, byWallClock: boolean): Costs {
    if (!byWallClock && calendar.id === this.calendar.id) return [{ working: ms, wall: 0 }]
    return wallCost(byWallClock || ms === 0 ? ms : worstWallMs(calendar, ms, this.starts))
  }

  duration(calendar: CompiledCalendar, duration: Duration): Costs {
    return this.cost(calendar, durationMs(calendar, duration), duration.wall)
  }
}

export function wallCost(ms: number): Costs {
  return [{ working: 0, wall: ms }]
}
