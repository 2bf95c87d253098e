import assert from 'node:assert/strict'
import { compileCalendar } from '../../../domain/calendar/compile-calendar.ts'
import { type OfficialCalendars, officialProblems } from '../../../domain/calendar/official-days.ts'
import { complaints, definitionOf } from './calendars.ts'

const known: OfficialCalendars = {
  erehwon: { holidays: ['2026-05-01', '2026-10-01'], makeUpDays: ['2026-10-10'], horizon: '2026-12-31' },
}
const official = (parts: object = {}) => definitionOf({ official: 'erehwon', horizon: undefined, ...parts })
const day = (date: string) => Date.parse(date) / 86_400_000
const problems = (parts: object) => officialProblems(official(parts), known).map(({ path }) => path.join('.'))

describe('[U] a calendar with official days', () => {
  it('has them, and knows as much of the future as they do', () => {
    const calendar = compileCalendar(official(), known)
    assert.deepEqual(calendar.special, [[day('2026-05-01')], [day('2026-10-01')], [day('2026-10-10'), 540, 1020]])
    assert.equal(calendar.horizon, '2026-12-31')
    assert.ok(!('official' in calendar))
  })

  it('adds its own dates, which win', () => {
    const holidays = [{ date: '2026-05-04' }, { date: '2026-10-10' }]
    const makeUpDays = [{ date: '2026-05-01', hours: ['10:00-11:00'] }]
    const { special } = compileCalendar(official({ holidays, makeUpDays }), known)
    assert.deepEqual(special, [
      [day('2026-05-01'), 600, 660],
      [day('2026-05-04')],
      [day('2026-10-01')],
      [day('2026-10-10')],
    ])
  })

  it('may know more than has been announced, if it says how far', () => {
    const more = { holidays: [{ date: '2027-01-01' }], horizon: '2027-06-30' }
    assert.deepEqual(problems(more), [])
    const calendar = compileCalendar(official(more), known)
    assert.equal(calendar.horizon, '2027-06-30')
    assert.deepEqual(calendar.special.at(-1), [day('2027-01-01')])
  })

  it('is refused where its dates or its horizon do not go with them, or nobody knows them', () => {
    assert.deepEqual(problems({ holidays: [{ date: '2026-12-31' }, { date: '2027-01-01' }] }), ['holidays.1.date'])
    assert.deepEqual(problems({ makeUpDays: [{ date: '2027-01-02' }] }), ['makeUpDays.0.date'])
    assert.deepEqual(problems({ horizon: '2026-06-30' }), ['horizon'])
    assert.deepEqual(problems({ official: 'atlantis' }), ['official'])
    assert.deepEqual(problems({ official: 'constructor' }), ['official'])
    assert.throws(() => compileCalendar(official({ official: 'atlantis' }), known), RangeError)
  })

  it('needs no horizon of its own, but without official days one is needed', () => {
    assert.match(complaints({ horizon: undefined })[0]!, /^horizon: missing/)
  })
})
