import assert from 'node:assert/strict'
import { announcedInChina, officialCalendars } from '../../config/official-days.ts'
import { loadProcesses } from '../../config/processes.ts'

/** As the General Office of the State Council announced them, first and last day of each holiday. */
const free = [
  ['2025-01-01', '2025-01-01'],
  ['2025-01-28', '2025-02-04'],
  ['2025-04-04', '2025-04-06'],
  ['2025-05-01', '2025-05-05'],
  ['2025-05-31', '2025-06-02'],
  ['2025-10-01', '2025-10-08'],
  ['2026-01-01', '2026-01-03'],
  ['2026-02-15', '2026-02-23'],
  ['2026-04-04', '2026-04-06'],
  ['2026-05-01', '2026-05-05'],
  ['2026-06-19', '2026-06-21'],
  ['2026-09-25', '2026-09-27'],
  ['2026-10-01', '2026-10-07'],
]
const worked = [
  ...['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  ...['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
]

const day = (date: string) => Date.parse(date) / 86_400_000
const between = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('official days', () => {
  it('[U] of China are those that were announced, in the calendar that says `official: china`', () => {
    const calendar = loadProcesses('processes').calendars['cn-office']!
    const days = [
      ...free.flatMap(([first, last]) => between(day(first!), day(last!)).map(one => [one])),
      ...worked.map(date => [day(date), 540, 720, 780, 1080]),
    ].sort((a, b) => a[0]! - b[0]!)
    const upTo2026 = (of: readonly number[]) => of[0]! >= day('2025-01-01') && of[0]! <= day('2026-12-31')
    // When 2027 is known, 2025 is kept no longer.
    const first = Math.min(...calendar.special.map(([at]) => at!))
    assert.deepEqual(
      calendar.special.filter(upTo2026),
      days.filter(([at]) => at! >= first),
    )
    assert.ok(calendar.special.length >= 30)
    assert.equal(calendar.horizon, officialCalendars.china!.horizon)
    assert.ok(calendar.horizon >= '2026-12-31')
  })

  it('[U] end with the last year whose announcement is known', () => {
    const holidays = ['2024-01-01', '2024-10-01', '2025-05-01', '2025-10-01', '2026-10-01', '2026-12-30', '2027-01-01']
    const { horizon, ...days } = announcedInChina(holidays, ['2024-12-31', '2025-01-26', '2026-12-27', '2027-01-04'])
    // A New Year that reaches into 2027 does not make 2027 known; of 2024 nothing is kept.
    assert.equal(horizon, '2026-12-31')
    assert.deepEqual(days.holidays, ['2025-05-01', '2025-10-01', '2026-10-01', '2026-12-30'])
    assert.deepEqual(days.makeUpDays, ['2025-01-26', '2026-12-27'])
  })
})
