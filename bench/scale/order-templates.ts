import type { Event } from '../../domain/core/events/event.ts'
import { madeUpOrder } from '../../domain/simulate/made-up-order.ts'
import { Random } from '../../domain/simulate/random.ts'
import { randomWorld } from '../../domain/simulate/random-world.ts'
import { drive, type Reaction, type World } from '../../domain/simulate/virtual-driver.ts'
import { type Projection, project } from '../../domain/view/projection.ts'
import { sales } from '../made-up-journals.ts'

/** Stand for what differs between the orders that are made from one template. */
export const placeholders = { orderNo: 'B-00000000', customer: 'C-00000000' }

/** What happened to an order of the sales process until now; many orders are made from it. */
export interface OrderTemplate {
  readonly organisation: string
  readonly startedMs: number
  readonly events: readonly Event[]
  readonly projection: Projection
}

const day = 86_400_000
const years = 730 * day
/** Orders of the last days are the open ones; some were left behind by a clock that did not move. */
const recent = 10 * day
const leftBehind = { share: 0.08, atMostMs: 2 * day }
/** In the made-up world things go wrong far more often than anywhere real: of such orders one in so many is kept. */
const keptOfTroubled = 6
const calm = { events: 32, exceptions: 0 }

/** Of ten orders, eight are in `main`. */
const organisations = [...Array(8).fill('main'), 'north', 'south'] as readonly string[]
const skus = 2_000

export interface Templates {
  readonly closed: readonly OrderTemplate[]
  readonly open: readonly OrderTemplate[]
}

/** Over two years until now; the same for the same numbers, but for the time. */
export function orderTemplates(nowMs: number, counts: { readonly closed: number; readonly open: number }): Templates {
  const closed: OrderTemplate[] = []
  const open: OrderTemplate[] = []
  for (let seed = 1; closed.length < counts.closed; seed += 1) {
    const startMs = nowMs - recent - years * (1 - (closed.length + 1) / counts.closed)
    const made = madeUp(new Random(seed), closed.length, startMs, nowMs)
    if (made.projection.closedAt !== null && isKept(made, seed)) closed.push(made)
  }
  for (let seed = 1_000_001; open.length < counts.open; seed += 1) {
    const random = new Random(seed)
    const startMs = nowMs - recent * (1 - open.length / counts.open)
    const lateMs = random.chance(leftBehind.share) ? Math.min((nowMs - startMs) / 2, leftBehind.atMostMs) : 0
    const made = madeUp(random, open.length, startMs, nowMs - lateMs)
    if (made.projection.closedAt === null && isKept(made, seed)) open.push(made)
  }
  return { closed, open }
}

function isKept({ events, projection }: OrderTemplate, seed: number): boolean {
  const isCalm = events.length <= calm.events && projection.exceptions.length <= calm.exceptions
  return isCalm || seed % keptOfTroubled === 0
}

function madeUp(random: Random, index: number, startMs: number, untilMs: number): OrderTemplate {
  const startedMs = Math.floor(startMs)
  const organisation = organisations[index % organisations.length]!
  const made = madeUpOrder(sales, random, index)
  const order = {
    ...made,
    organisation,
    orderNo: placeholders.orderNo,
    customer: { id: placeholders.customer, name: 'Made up' },
    lines: made.lines.map(line => ({ ...line, sku: sku(random) })),
  }
  const events: Event[] = []
  drive(sales, order, withOwnFacts(randomWorld(sales, random)), {
    startMs: startedMs,
    untilMs: Math.floor(untilMs),
    onTurn: turn => events.push(...turn.events),
  })
  return { organisation, startedMs, events, projection: project(sales, null, events) }
}

/** No two orders have a fact of the same id. */
function withOwnFacts(world: World): World {
  const own = ({ atMs, act }: Reaction): Reaction => ({
    atMs,
    act(state) {
      const arrival = act(state)
      if (arrival?.type !== 'fact') return arrival
      return { ...arrival, fact: { ...arrival.fact, id: `${placeholders.orderNo}/${arrival.fact.id}` } }
    },
  })
  return { ...world, react: (event, state, nowMs) => world.react(event, state, nowMs).map(own) }
}

/** A few sell much better than the others. */
function sku(random: Random): string {
  const number = random.chance(0.2) ? random.whole(1, 10) : random.whole(1, skus)
  return `SKU-${String(number).padStart(5, '0')}`
}
