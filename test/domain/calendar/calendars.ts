import { readFileSync } from 'node:fs'
import chineseDays from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { parse } from 'yaml'
import { announcedInChina } from '../../../config/official-days.ts'
import { type CalendarDefinition, calendarSchema } from '../../../domain/calendar/calendar-definition.ts'
import { type CompiledCalendar, compileCalendar } from '../../../domain/calendar/compile-calendar.ts'

const before2027 = (days: object) => Object.keys(days).filter(date => date < '2027')
/** As it was when 2026 was the last year known: specs of single days do not change when the next one is announced. */
export const official = { china: announcedInChina(before2027(chineseDays.holidays), before2027(chineseDays.workdays)) }

/** A calendar of the processes folder. */
export function loadCalendar(id: string): CompiledCalendar {
  const file = new URL(`../../../processes/calendars/${id}.yaml`, import.meta.url)
  return compileCalendar(calendarSchema.parse(parse(readFileSync(file, 'utf8'))), official)
}

const base = {
  id: 'test',
  title: { en: 'Test', zh: '测试' },
  timeZone: 'UTC',
  weekly: { mon: ['09:00-17:00'] },
  horizon: '2026-12-31',
}

export function definitionOf(parts: object): CalendarDefinition {
  return calendarSchema.parse({ ...base, ...parts })
}

/** The complaints about a calendar, each as `path: message`. */
export function complaints(parts: object): string[] {
  const result = calendarSchema.safeParse({ ...base, ...parts })
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** Calendars of every shape that time zones, shifts and exceptional days can make trouble with. */
export const awkward: readonly CalendarDefinition[] = [
  definitionOf({
    id: 'sao-paulo-nights',
    timeZone: 'America/Sao_Paulo',
    weekly: {
      sat: ['00:00-01:30', '22:30-24:00'],
      sun: ['00:00-02:00', '10:15-11:00', '23:00-24:00'],
      mon: ['00:00-08:00', '08:00-09:30'],
      wed: ['13:00-21:07'],
    },
    holidays: [{ date: '2017-10-12' }, { date: '2017-11-02' }],
    makeUpDays: [{ date: '2017-10-13', hours: ['23:00-24:00'] }, { date: '2017-02-19' }],
    horizon: '2018-12-31',
  }),
  definitionOf({
    id: 'berlin-clock-change',
    timeZone: 'Europe/Berlin',
    weekly: {
      mon: ['09:00-12:30', '13:15-17:00'],
      tue: ['09:00-12:30'],
      thu: ['06:00-07:00', '22:00-24:00'],
      fri: ['00:00-24:00'],
      sun: ['01:30-02:30', '02:45-03:15'],
    },
    holidays: [{ date: '2017-04-14' }, { date: '2017-04-17' }, { date: '2017-10-31' }],
    makeUpDays: [{ date: '2017-10-28', hours: ['02:00-04:00'] }],
    horizon: '2018-12-31',
  }),
  definitionOf({
    id: 'shanghai-office',
    timeZone: 'Asia/Shanghai',
    weekly: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map(day => [day, ['09:00-12:00', '13:00-18:00']])),
    holidays: [2, 3, 4, 5, 6].map(day => ({ date: `2017-10-0${day}` })),
    makeUpDays: [{ date: '2017-09-30' }, { date: '2017-10-07', hours: ['10:00-10:01'] }],
    horizon: '2017-12-31',
  }),
  definitionOf({
    // A change of half an hour, and one of an hour at midnight.
    id: 'lord-howe',
    timeZone: 'Australia/Lord_Howe',
    weekly: { sun: ['01:00-02:15'], mon: ['01:00-02:15'] },
    horizon: '2018-12-31',
  }),
  definitionOf({
    id: 'havana',
    timeZone: 'America/Havana',
    weekly: { sat: ['23:00-24:00'], sun: ['00:00-01:00'] },
    horizon: '2018-12-31',
  }),
]
