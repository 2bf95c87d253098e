import assert from 'node:assert/strict'
import { compileCalendar } from '../../../domain/calendar/compile-calendar.ts'
import { offsetsOf } from '../../../domain/calendar/time-zone.ts'
import { awkward, definitionOf, loadCalendar } from './calendars.ts'

describe('[U] a compiled calendar', () => {
  it('is plain JSON of at most 4 KB', () => {
    const calendars = [
      loadCalendar('cn-office'),
      loadCalendar('wall-clock'),
      ...awkward.map(definition => compileCalendar(definition)),
      compileCalendar(definitionOf({ timeZone: 'Europe/Berlin', horizon: '2099-12-31' })),
    ]
    for (const calendar of calendars) {
      const json = JSON.stringify(calendar)
      assert.deepEqual(JSON.parse(json), calendar)
      assert.ok(json.length <= 4096, `${calendar.id}: ${json.length}`)
    }
  })

  it('knows the offsets of its zone', () => {
    const minute = (iso: string) => Date.parse(iso) / 60_000
    assert.deepEqual(offsetsOf('Asia/Shanghai', 2015, 2031), [[minute('2015-01-01T00:00Z'), 480]])
    assert.deepEqual(offsetsOf('America/Sao_Paulo', 2017, 2017), [
      [minute('2017-01-01T00:00Z'), -120],
      [minute('2017-02-19T02:00Z'), -180],
      [minute('2017-10-15T03:00Z'), -120],
    ])
  })

  it('misses no change of any zone by looking at it once a week', function () {
    this.timeout(120_000)
    const hourly = (zone: string) =>
      new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    // The zones that have changed their clocks most oddly since 2015; all of the database, 2015 to 2034, was compared once by hand.
    for (const zone of ['Africa/Casablanca', 'Asia/Pyongyang', 'Asia/Gaza', 'America/Caracas', 'Pacific/Norfolk']) {
      const offsets = offsetsOf(zone, 2015, 2019)
      const format = hourly(zone)
      let position = 0
      for (let at = Date.UTC(2015, 0, 1); at < Date.UTC(2020, 0, 1); at += 4 * 3_600_000) {
        while ((offsets[position + 1]?.[0] ?? Number.POSITIVE_INFINITY) * 60_000 <= at) position++
        const local = Date.parse(`${format.format(at).replace(' ', 'T')}:00Z`)
        assert.equal((local - at) / 60_000, offsets[position]![1], `${zone} at ${new Date(at).toISOString()}`)
      }
    }
  })

  it('gives a make-up day without hours those of the first working weekday, and joins shifts that touch', () => {
    const calendar = compileCalendar(
      definitionOf({
        weekly: { tue: ['09:00-12:00', '12:00-13:00', '14:00-15:00'], wed: ['08:00-09:00'] },
        holidays: [{ date: '2026-05-01' }],
        makeUpDays: [{ date: '2026-04-26' }, { date: '2026-05-09', hours: ['10:00-24:00'] }],
      }),
    )
    const day = (date: string) => Date.parse(date) / 86_400_000
    assert.deepEqual(calendar.weekly.slice(0, 3), [[], [540, 780, 840, 900], [480, 540]])
    assert.deepEqual(calendar.special, [
      [day('2026-04-26'), 540, 780, 840, 900],
      [day('2026-05-01')],
      [day('2026-05-09'), 600, 1440],
    ])
  })

  it('counts a day as long as the commonest working day, the longer of two equally common ones', () => {
    const hours = (weekly: object) => compileCalendar(definitionOf({ weekly })).dayMs / 3_600_000
    const [short, long] = [['09:00-13:00'], ['09:00-12:00', '13:00-18:00']]
    assert.equal(hours({ mon: long, tue: long, wed: long, thu: short, fri: [] }), 8)
    assert.equal(hours({ mon: long, tue: short, wed: short }), 4)
    assert.equal(hours({ mon: long, tue: short }), 8)
    assert.equal(loadCalendar('wall-clock').dayMs, 86_400_000)
    assert.equal(loadCalendar('cn-office').dayMs, 8 * 3_600_000)
  })

  it('ends at the end of its last day, local time', () => {
    const horizonAt = (timeZone: string, horizon: string) =>
      compileCalendar(definitionOf({ timeZone, horizon })).horizonAt
    assert.equal(horizonAt('Asia/Shanghai', '2026-12-31'), '2026-12-31T16:00:00.000Z')
    assert.equal(horizonAt('Europe/Berlin', '2026-06-30'), '2026-06-30T22:00:00.000Z')
    // Midnight is skipped in the night to 2017-10-15, and an hour late in the one to 2017-02-19.
    assert.equal(horizonAt('America/Sao_Paulo', '2017-10-14'), '2017-10-15T03:00:00.000Z')
    assert.equal(horizonAt('America/Sao_Paulo', '2017-02-18'), '2017-02-19T03:00:00.000Z')
  })
})
