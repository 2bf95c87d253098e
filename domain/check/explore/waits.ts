import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import { rungGapMs, subjectOf } from '../../core/clock/ladder.ts'
import type { OrderState } from '../../core/state.ts'
import type { CompiledDefinition, Rung } from '../../definition/compiled-definition.ts'
import { type Costs, longer, never, nothing, shorter, sum, type WorstCases, wallCost } from './cost.ts'
import { itemOf } from './item-of.ts'

/** Something that goes on by itself: a ladder that climbs, or a call whose outcome will be known. */
export interface Item {
  readonly name: string
  /** The step it is about; none for a hold, or a review of the whole order. */
  readonly step?: string
  /** How long it takes at most until it does something. */
  readonly wait: Costs
  /** How long until it comes to its end; `never` for a ladder that tells somebody for ever. */
  readonly total: Costs
}

/** Rows and workflows, which need the store and Temporal alone. */
const beginning: Item = { name: 'successors', wait: wallCost(300_000), total: wallCost(300_000) }

interface LadderTimes {
  /** By rung: since the one before it; and since its own firing, where it repeats. */
  readonly gaps: readonly { readonly rung: Costs; readonly repeat: Costs }[]
  readonly wait: Costs
  readonly total: Costs
}

/** How long each thing that goes on in a state may take. */
export class Waits {
  private readonly definition: CompiledDefinition
  private readonly worst: WorstCases
  private readonly ladders = new Map<readonly Rung[], LadderTimes>()
  private readonly calls = new Map<string, Item>()

  constructor(definition: CompiledDefinition, worst: WorstCases) {
    this.definition = definition
    this.worst = worst
  }

  items(state: OrderState): Item[] {
    const items: Item[] = []
    for (const [subject, clock] of Object.entries(state.clocks)) {
      if (clock.dueAt === null || clock.paused || clock.checking) continue
      const name = itemOf(state, subject)
      const { wait, total } = this.ladder(state, subject)
      const step = name.startsWith('hold:') ? '' : name.slice(name.indexOf(':') + 1)
      items.push({ name, ...(step === '' ? {} : { step }), wait, total })
    }
    if (state.successors?.phase === 'due') items.push(beginning)
    for (const call of Object.values(state.calls)) {
      // One that has been cancelled is answered, at the latest as unknown, within the same time again.
      const name = `${call.step}.${call.kind}`
      let item = this.calls.get(name)
      if (item === undefined) {
        const wait = wallCost(Date.parse(call.giveUpAt) - Date.parse(call.startedAt))
        item = { name, step: call.step, wait, total: wait }
        this.calls.set(name, item)
      }
      items.push(item)
    }
    return items
  }

  /** Until a rung (or the repeat of one) fires, at most, since what fired before it. */
  gap(state: OrderState, subject: string, rung: number, repeat: boolean): Costs {
    return this.ladder(state, subject).gaps[rung]?.[repeat ? 'repeat' : 'rung'] ?? nothing
  }

  private ladder(state: OrderState, subject: string): LadderTimes {
    const { ladder, calendar } = subjectOf(this.definition, state, subject)
    let times = this.ladders.get(ladder)
    if (times === undefined) {
      times = this.timesOf(ladder, calendar)
      this.ladders.set(ladder, times)
    }
    return times
  }

  private timesOf(ladder: readonly Rung[], calendar: CompiledCalendar): LadderTimes {
    const gaps = ladder.map((rung, index) => ({
      rung: this.worst.cost(calendar, rungGapMs(ladder, calendar, index), rung.after.wall),
      repeat: 'every' in rung && rung.every !== undefined ? this.worst.duration(calendar, rung.every) : never,
    }))
    let wait = gaps.at(-1)?.repeat ?? never
    if (wait === never) wait = nothing
    let total = nothing
    gaps.forEach(({ rung }, index) => {
      wait = longer(wait, shorter(rung, gaps[index - 1]?.repeat ?? never))
      total = sum(total, rung)
    })
    return { gaps, wait, total: ladder.at(-1)?.action === 'fallback' ? total : never }
  }
}
