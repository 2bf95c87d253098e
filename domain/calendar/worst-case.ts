import { indexOf } from './calendar-index.ts'
import type { CompiledCalendar } from './compile-calendar.ts'
import { dayLengthMs, weekdayOf } from './day.ts'
import { addWorkingMs, latestMs, workingBetween } from './working-time.ts'

/*
 * How working time and wall time can differ at worst, over every possible start: what the no-limbo check states of a
 * process. Exact, because both differences are piecewise linear in the start and take their extremes where a shift
 * begins or ends.
 */

/** Which starts count: from an instant up to another one, the calendar's horizon unless said. ISO 8601. */
export interface Starts {
  readonly from: string
  readonly until?: string
}

/** The longest wall time, in ms, that this much working time takes for any of the starts: over the longest holidays. */
export function worstWallMs(calendar: CompiledCalendar, workingMs: number, starts: Starts): number {
  return remembered(calendar, 'wall', workingMs, starts, (from, until) => {
    // Within a shift a later start can only take longer, in a break only less long: the worst is where a shift ends.
    const ends = shiftsBetween(calendar, from, until).filter((_, index) => index % 2 === 1)
    return greatest([from, ...ends, until], from, until, start => addWorkingMs(calendar, start, workingMs) - start)
  })
}

/** The most working time, in ms, that lies within this much wall time after any of the starts. */
export function worstWorkingMs(calendar: CompiledCalendar, wallMs: number, starts: Starts): number {
  return remembered(calendar, 'working', wallMs, starts, (from, until) => {
    // Most lies in a window that begins as a shift begins or ends as one ends.
    const begins = shiftsBetween(calendar, from, until).filter((_, index) => index % 2 === 0)
    const ends = shiftsBetween(calendar, Math.min(from + wallMs, latestMs), Math.min(until + wallMs, latestMs))
      .filter((_, index) => index % 2 === 1)
      .map(end => end - wallMs)
    return greatest([from, ...begins, ...ends, until], from, until, start =>
      workingBetween(calendar, start, Math.min(start + wallMs, latestMs)),
    )
  })
}

function greatest(
  candidates: readonly number[],
  from: number,
  until: number,
  lengthFrom: (start: number) => number,
): number {
  let most = 0
  for (const start of candidates) if (start >= from && start <= until) most = Math.max(most, lengthFrom(start))
  return most
}

const mostRemembered = 1000
const results = new WeakMap<CompiledCalendar, Map<string, number>>()

/** A calendar whose horizon has passed still has its week: then the starts of five weeks count. */
const fiveWeeksMs = 35 * dayLengthMs

function remembered(
  calendar: CompiledCalendar,
  question: 'wall' | 'working',
  lengthMs: number,
  starts: Starts,
  compute: (from: number, until: number) => number,
): number {
  const from = Date.parse(starts.from)
  const asked = Date.parse(starts.until ?? calendar.horizonAt)
  const until = asked > from ? asked : from + fiveWeeksMs
  if (Number.isNaN(from + asked)) throw new RangeError(`not a range of times: ${starts.from} to ${starts.until}`)
  let known = results.get(calendar)
  if (known === undefined || known.size >= mostRemembered) {
    known = new Map()
    results.set(calendar, known)
  }
  const key = `${question} ${lengthMs} ${from} ${until}`
  const result = known.get(key) ?? compute(from, until)
  known.set(key, result)
  return result
}

/** Begin and end in turn of every shift that lies at least partly in a range. */
function shiftsBetween(calendar: CompiledCalendar, from: number, until: number): number[] {
  const { week, starts, segments } = indexOf(calendar)
  const found: number[] = []
  const add = (begin: number, end: number) => {
    if (end < from || begin > until) return
    if (found.at(-1) === begin) found[found.length - 1] = end
    else found.push(begin, end)
  }
  segments.forEach((segment, position) => {
    const begins = Math.max(starts[position]!, from)
    const ends = Math.min(starts[position + 1] ?? Number.POSITIVE_INFINITY, until)
    if (begins > ends) return
    if (segment.shifts !== undefined) {
      for (let i = 0; i < segment.shifts.length; i += 2) add(segment.shifts[i]!, segment.shifts[i + 1]!)
      return
    }
    const first = Math.floor((begins + segment.offsetMs) / dayLengthMs)
    const last = Math.ceil((ends + segment.offsetMs) / dayLengthMs) - 1
    for (let day = first; day <= last; day++) {
      const midnight = day * dayLengthMs - segment.offsetMs
      const shifts = week.shifts[weekdayOf(day)]!
      for (let i = 0; i < shifts.length; i += 2) add(midnight + shifts[i]!, midnight + shifts[i + 1]!)
    }
  })
  return found
}
