/** What a run is to do, drawn from its seed alone: the same seed asks for the same orders and the same mishaps. */

export const victims = ['worker', 'api', 'sandbox', 'temporal', 'postgres'] as const
export type Victim = (typeof victims)[number]
export const links = ['temporal', 'postgres', 'sandbox'] as const
export type Link = (typeof links)[number]

export type Mishap =
  | { readonly what: 'kill'; readonly victim: Victim }
  | { readonly what: 'pause'; readonly victim: Victim; readonly ms: number }
  | { readonly what: 'cut'; readonly link: Link; readonly ms: number }

export interface PlannedOrder {
  readonly orderNo: string
  readonly process: 'sales' | 'demo'
  /** 12,000.00 CNY and more: somebody must approve it. */
  readonly isLarge: boolean
  readonly isApproved: boolean
  readonly isCancelled: boolean
  /** The shop sends it twice at once. */
  readonly isDoubled: boolean
}

export interface Plan {
  readonly orders: readonly PlannedOrder[]
  /** Each comes when so many orders have been sent. */
  readonly mishaps: readonly { readonly afterOrders: number; readonly mishap: Mishap }[]
}

export function plan(seed: number, orders: number, kills: number): Plan {
  const draw = random(seed)
  const chance = (probability: number) => draw() < probability
  const pick = <T>(some: readonly T[]): T => some[Math.floor(draw() * some.length)]!
  const planned = Array.from({ length: orders }, (_, index): PlannedOrder => {
    const isLarge = chance(0.3)
    return {
      orderNo: `C${seed}-${String(index + 1).padStart(6, '0')}`,
      process: chance(0.5) ? 'sales' : 'demo',
      isLarge,
      isApproved: isLarge && chance(0.8),
      isCancelled: chance(0.15),
      isDoubled: chance(0.1),
    }
  })
  const mishaps = Array.from({ length: kills * 2 }, (_, index) => ({
    afterOrders: Math.ceil(((index + 1) * orders) / (kills * 2 + 1)),
    mishap: index % 2 === 0 ? { what: 'kill' as const, victim: pick(victims) } : lesser(pick, draw),
  }))
  return { orders: planned, mishaps }
}

function lesser(pick: <T>(some: readonly T[]) => T, draw: () => number): Mishap {
  const ms = 500 + Math.floor(draw() * 4_500)
  return draw() < 0.5 ? { what: 'pause', victim: pick(victims), ms } : { what: 'cut', link: pick(links), ms }
}

/** Mulberry32 (T. Ettinger, public domain): small, and the same everywhere. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
