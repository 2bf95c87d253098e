import type { CalendarDefinition } from '../../../domain/calendar/calendar-definition.ts'

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/**
 * Counts working time the slow and obvious way: asks the machine's time-zone data for the local time of every single
 * minute and looks into the definition as it was written. Nothing of the domain's own arithmetic is used.
 */
export class MinuteCounter {
  readonly #definition: CalendarDefinition
  readonly #format: Intl.DateTimeFormat
  readonly #known = new Map<number, boolean>()

  constructor(definition: CalendarDefinition) {
    this.#definition = definition
    this.#format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: definition.timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    })
  }

  /** Working minutes between two instants, both whole minutes since 1970. */
  between(from: number, to: number): number {
    let worked = 0
    for (let minute = from; minute < to; minute++) if (this.isWorking(minute)) worked++
    return worked
  }

  /** The minute at whose end `working` minutes have been worked, at most `limit` minutes later. */
  after(from: number, working: number, limit: number): number | undefined {
    let worked = 0
    for (let minute = from; minute < from + limit; minute++) {
      if (this.isWorking(minute) && ++worked === working) return minute + 1
    }
    return undefined
  }

  isWorking(minute: number): boolean {
    let working = this.#known.get(minute)
    if (working === undefined) {
      const [date, time] = this.#format.format(minute * 60_000).split(' ') as [string, string]
      working = this.#shifts(date).some(shift => shift.slice(0, 5) <= time && time < shift.slice(6))
      this.#known.set(minute, working)
    }
    return working
  }

  #shifts(date: string): readonly string[] {
    const { weekly, holidays, makeUpDays } = this.#definition
    if (holidays.some(holiday => holiday.date === date)) return []
    const made = makeUpDays.find(day => day.date === date)
    if (made === undefined) return weekly[names[new Date(date).getUTCDay()]!] ?? []
    if (made.hours !== undefined) return made.hours
    const first = (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const).find(day => weekly[day]?.length)
    return weekly[first!]!
  }
}
