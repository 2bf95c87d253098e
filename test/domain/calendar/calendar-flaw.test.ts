import assert from 'node:assert/strict'
import { calendarFlaw } from '../../../domain/calendar/calendar-flaw.ts'
import { compileCalendar } from '../../../domain/calendar/compile-calendar.ts'
import { awkward, definitionOf, loadCalendar } from './calendars.ts'

describe('[U] what is asked of a compiled calendar inside a workflow', () => {
  const office = loadCalendar('cn-office')

  it('is kept by every calendar that is compiled', () => {
    const compiled = [office, loadCalendar('wall-clock'), ...awkward.map(definition => compileCalendar(definition))]
    const far = ['2015-01-01', '2100-12-31'].map(horizon =>
      compileCalendar(definitionOf({ horizon, timeZone: 'Pacific/Kiritimati' })),
    )
    for (const calendar of [...compiled, ...far]) {
      assert.equal(calendarFlaw(calendar), undefined, calendar.id)
      assert.equal(calendarFlaw(JSON.parse(JSON.stringify(calendar))), undefined)
    }
  })

  const broken: [string, unknown][] = [
    ['nothing', null],
    ['a text', 'cn-office'],
    ['no id', { ...office, id: '' }],
    ['a title of one language', { ...office, title: { en: 'x' } }],
    ['a horizon that is no day', { ...office, horizon: '2026-02-30' }],
    ['a horizon that ends at another time', { ...office, horizonAt: '2027-06-01T00:00:00.000Z' }],
    ['a horizon that ends never', { ...office, horizonAt: 'never' }],
    ['days without length', { ...office, dayMs: 0 }],
    ['a week of six days', { ...office, weekly: office.weekly.slice(1) }],
    ['a week without work', { ...office, weekly: office.weekly.map(() => []) }],
    ['a shift without end', { ...office, weekly: [[540], ...office.weekly.slice(1)] }],
    ['a reversed shift', { ...office, weekly: [[720, 540], ...office.weekly.slice(1)] }],
    ['a minute that no day has', { ...office, weekly: [[540, 1441], ...office.weekly.slice(1)] }],
    ['half a minute', { ...office, weekly: [[540, 720.5], ...office.weekly.slice(1)] }],
    ['special days out of order', { ...office, special: office.special.toReversed() }],
    ['a special day without a day', { ...office, special: [[]] }],
    ['no offsets', { ...office, offsets: [] }],
    ['an offset of more than a day', { ...office, offsets: [[0, 1440]] }],
    [
      'offsets out of order',
      {
        ...office,
        offsets: [
          [10, 0],
          [5, 60],
        ],
      },
    ],
    ['more days than anybody keeps', { ...office, special: Array.from({ length: 2001 }, (_, day) => [day]) }],
  ]
  for (const [name, calendar] of broken) {
    it(`is not kept by one with ${name}`, () => assert.equal(typeof calendarFlaw(calendar), 'string'))
  }
})
