import { z } from 'zod'
import { isTimeZone } from '../calendar/time-zone.ts'

const minuteMs = 60_000
const dayMinutes = 24 * 60

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written like "22:00"')
export const timeZoneText = z.string().refine(isTimeZone, 'a time zone is named like "Asia/Shanghai"')

/** When a person wants to be left alone. What comes meanwhile waits in its channel until they end; the inbox has it at once. */
export const quietHoursSchema = z
  .strictObject({
    from: timeOfDay,
    to: timeOfDay.describe('earlier than "from": of the next day'),
    timeZone: timeZoneText.optional().describe("default: the installation's, from channels.yaml"),
  })
  // Half a day at most, so that a notice that waits for their end is told within the working day that it was meant for.
  .refine(({ from, to }) => quietMinutes(from, to) <= dayMinutes / 2 && from !== to, 'quiet hours are 12 hours at most')

export type QuietHours = z.infer<typeof quietHoursSchema>

/** When the quiet hours that hold at this instant end; null if none do. */
export function quietUntil({ from, to, timeZone }: QuietHours, at: string, installationZone: string): string | null {
  const now = Math.floor(Date.parse(at) / minuteMs)
  const since = (localMinute(now, timeZone ?? installationZone) - minuteOf(from) + dayMinutes) % dayMinutes
  const length = quietMinutes(from, to)
  if (since >= length) return null
  return new Date((now + length - since) * minuteMs).toISOString()
}

function quietMinutes(from: string, to: string): number {
  return (minuteOf(to) - minuteOf(from) + dayMinutes) % dayMinutes
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
}

function localMinute(minute: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  })
  return minuteOf(format.format(minute * minuteMs))
}
