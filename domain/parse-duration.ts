// Runs inside workflows: no schema library may enter this file.

/** A length of time as people write it. Days are kept apart: in working time `1d` is one of the calendar's working days. */
export interface Duration {
  readonly days: number
  readonly ms: number
  /** Counted by the wall clock (`!`), whatever the calendar says. */
  readonly wall: boolean
}

const dayMs = 86_400_000
const form = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?(!?)$/

/**
 * Reads `90s`, `2h`, `3d`, `1h30m` or `250ms`: whole numbers of d, h, m, s, ms, the largest first, each at most once;
 * `!` at the end means wall-clock time. Undefined for anything else, for nothing at all, and for more than can be counted exactly.
 */
export function parseDuration(text: string): Duration | undefined {
  const parts = form.exec(text)
  if (parts === null) return undefined
  const [days, hours, minutes, seconds, ms] = parts.slice(1, 6).map(digits => Number(digits ?? 0)) as Amounts
  const duration = {
    days,
    ms: hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms,
    wall: parts[6] === '!',
  }
  const total = wallMs(duration)
  return total > 0 && Number.isSafeInteger(total) ? duration : undefined
}

type Amounts = [number, number, number, number, number]

/** Its length by the wall clock, where a day has 24 hours. */
export function wallMs(duration: Duration): number {
  return duration.days * dayMs + duration.ms
}
