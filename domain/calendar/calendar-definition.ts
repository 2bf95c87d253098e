import { z } from 'zod'
import { dayNumber, minutesOf, weekdays } from './day.ts'
import { isTimeZone } from './time-zone.ts'

/*
 * A calendar as its owner writes it: the hours worked in a week, the holidays and the make-up working days that are
 * known (or the country that announces them), and up to when they are known (the horizon). Checked when it is loaded,
 * never inside a workflow.
 */

const title = z.strictObject({ en: z.string().min(1).max(80), zh: z.string().min(1).max(80) })

const date = z
  .string()
  .refine(text => dayNumber(text) !== undefined, 'a date of the calendar, written like "2026-10-01"')

const shift = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'a shift is written like "09:00-12:00" and lies within one day (its end may be "24:00")',
  )

const shifts = z
  .array(shift)
  .max(10)
  .superRefine((texts, context) => {
    let freeFrom = 0
    texts.forEach((text, index) => {
      const [start, end] = minutesOf(text)
      if (end <= start) context.addIssue({ code: 'custom', path: [index], message: `${text} ends before it begins` })
      else if (start < freeFrom) {
        context.addIssue({
          code: 'custom',
          path: [index],
          message: `${text} overlaps the shift before it, or comes out of order`,
        })
      }
      freeFrom = Math.max(freeFrom, end)
    })
  })

/** The offsets of time zones are compiled from here on. */
const firstDay = '2015-01-01'

export const calendarSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'a lower-case name of at most 40 letters, digits, "-" and "_"'),
    title,
    timeZone: z.string().refine(isTimeZone, 'not a time zone of the IANA database; one is "Asia/Shanghai"'),
    weekly: z.partialRecord(z.enum(weekdays), shifts),
    holidays: z
      .array(z.strictObject({ date, name: z.string().min(1).max(80).optional() }))
      .max(500)
      .default([]),
    makeUpDays: z
      .array(z.strictObject({ date, hours: shifts.min(1).optional() }))
      .max(500)
      .default([])
      .describe('days worked although the week says otherwise; without hours, those of the first working weekday'),
    official: z
      .string()
      .optional()
      .describe("a country whose official holidays and make-up days it has: `china`. This calendar's own dates win"),
    horizon: date
      .optional()
      .describe(
        'the last day up to which holidays and make-up days are known; with `official`, the last one announced',
      ),
  })
  .superRefine((calendar, context) => {
    const problem = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message })
    const { official, horizon } = calendar
    if (horizon === undefined && official === undefined) {
      problem(
        ['horizon'],
        'missing: the last day up to which holidays are known (or `official: china`, which knows it)',
      )
    }
    if (horizon !== undefined && (horizon < firstDay || horizon > '2100-12-31')) {
      problem(['horizon'], 'the horizon lies between 2015 and 2100')
    }
    if (!weekdays.some(weekday => (calendar.weekly[weekday] ?? []).length > 0)) {
      problem(['weekly'], 'no working minute in the whole week: a deadline in it would never come')
    }
    const seen = new Map<string, 'holiday' | 'make-up day'>()
    const judge = (path: PropertyKey[], day: string, kind: 'holiday' | 'make-up day') => {
      const before = seen.get(day)
      if (before === kind) problem(path, `${day} is listed twice`)
      else if (before !== undefined) problem(path, `${day} is listed as a holiday and as a make-up day`)
      if (horizon !== undefined && day > horizon) problem(path, `${day} lies past the horizon, ${horizon}`)
      if (day < firstDay) problem(path, `${day} lies before ${firstDay}, where calendars begin`)
      seen.set(day, kind)
    }
    calendar.holidays.forEach((holiday, index) => {
      judge(['holidays', index, 'date'], holiday.date, 'holiday')
    })
    calendar.makeUpDays.forEach((day, index) => {
      judge(['makeUpDays', index, 'date'], day.date, 'make-up day')
    })
  })

export type CalendarDefinition = z.infer<typeof calendarSchema>
