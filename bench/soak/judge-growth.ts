import { quantile } from '../page/figures.ts'

/** What must stay flat, and how much of it is not growth: a part of it, and an amount. */
export const allowances = {
  memory: { unit: 'MB', part: 0.1, amount: 8 },
  heap: { unit: 'MB', part: 0.1, amount: 6 },
  handles: { unit: '', part: 0.05, amount: 4 },
  latency: { unit: 'ms', part: 0.25, amount: 10 },
} as const

export type Kind = keyof typeof allowances

export interface Sample {
  readonly at: number
  readonly value: number
}

export interface Series {
  readonly name: string
  readonly kind: Kind
  readonly samples: readonly Sample[]
}

export interface Growth {
  readonly name: string
  readonly kind: Kind
  /** Medians of the three thirds of the time. */
  readonly thirds: readonly [number, number, number]
  readonly grows: boolean
}

/** The last third against the second one; in the first, caches fill. @throws RangeError without a sample in each */
export function judgeGrowth({ name, kind, samples }: Series, fromMs: number, untilMs: number): Growth {
  const third = (untilMs - fromMs) / 3
  const medianOf = (index: number) => {
    const from = fromMs + index * third
    const values = samples.filter(({ at }) => at >= from && at < from + third).map(({ value }) => value)
    if (values.length === 0) throw new RangeError(`${name}: nothing was measured in the third number ${index + 1}`)
    return quantile(values, 0.5)
  }
  const thirds = [medianOf(0), medianOf(1), medianOf(2)] as const
  const { part, amount } = allowances[kind]
  return { name, kind, thirds, grows: thirds[2] > thirds[1] * (1 + part) + amount }
}
