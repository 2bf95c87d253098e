import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compileCalendar } from '../../../domain/calendar/compile-calendar.ts'
import { offsetsOf } from '../../../domain/calendar/time-zone.ts'
import { addWorking, addWorkingMs, durationMs, workingBetween } from '../../../domain/calendar/working-time.ts'
import { parseDuration } from '../../../domain/duration.ts'
import { draws } from '../../draws.ts'
import { awkward, definitionOf, loadCalendar } from './calendars.ts'
import { MinuteCounter } from './minute-counter.ts'

const office = loadCalendar('cn-office')
const wallClock = loadCalendar('wall-clock')
const deadline = (from: string, length: string, calendar = office) => addWorking(calendar, from, parseDuration(length)!)

describe('[U] adding working time', () => {
  const shanghai = (text: string) => new Date(`${text}:00+08:00`).toISOString()

  it('goes on in the next shift, over the weekend, the holidays and the make-up days', () => {
    const cases: [string, string, string][] = [
      ['2026-11-23T09:00', '2h', '2026-11-23T11:00'],
      ['2026-11-23T09:00', '3h', '2026-11-23T12:00'],
      ['2026-11-23T11:00', '2h', '2026-11-23T14:00'],
      ['2026-11-23T12:30', '1h', '2026-11-23T14:00'],
      ['2026-11-27T17:00', '2h', '2026-11-30T10:00'],
      ['2026-11-28T03:00', '1d', '2026-11-30T18:00'],
      // National Day: 1 to 7 October are free, Saturday the 10th is worked.
      ['2026-09-30T17:00', '2h', '2026-10-08T10:00'],
      ['2026-10-09T17:00', '2h', '2026-10-10T10:00'],
      ['2026-10-10T17:00', '2h', '2026-10-12T10:00'],
      // Spring Festival: 15 to 23 February are free, Saturday the 14th is worked.
      ['2026-02-13T18:00', '3d', '2026-02-25T18:00'],
    ]
    for (const [from, length, at] of cases) {
      assert.deepEqual(
        deadline(shanghai(from), length),
        { at: shanghai(at), provisional: false },
        `${from} + ${length}`,
      )
    }
  })

  it('counts a day as one of the calendar, or as 24 hours by the wall clock', () => {
    assert.equal(durationMs(office, parseDuration('2d1h')!), 17 * 3_600_000)
    assert.equal(durationMs(office, parseDuration('2d1h!')!), 49 * 3_600_000)
    assert.equal(durationMs(wallClock, parseDuration('2d1h')!), 49 * 3_600_000)
    assert.equal(deadline('2026-10-01T00:00:00.000Z', '2d!').at, '2026-10-03T00:00:00.000Z')
    assert.equal(deadline('2026-10-01T00:00:00.000Z', '2d', wallClock).at, '2026-10-03T00:00:00.000Z')
  })

  it('says that a deadline past the horizon is provisional', () => {
    assert.deepEqual(deadline(shanghai('2026-12-31T17:00'), '1h'), {
      at: shanghai('2026-12-31T18:00'),
      provisional: false,
    })
    assert.deepEqual(deadline(shanghai('2026-12-31T17:00'), '2h'), {
      at: shanghai('2027-01-01T10:00'),
      provisional: true,
    })
    assert.equal(deadline(shanghai('2026-12-31T17:00'), '9d!').provisional, false)
    assert.equal(deadline('2099-12-31T23:00:00.000Z', '1h', wallClock).provisional, false)
    assert.equal(deadline('2099-12-31T23:00:00.000Z', '61m', wallClock).provisional, true)
  })

  it('works for any date and any length, the latest deadline being the end of the year 9999', () => {
    assert.equal(deadline('1900-01-01T00:00:00.000Z', '1d').at, '1900-01-01T10:00:00.000Z')
    assert.equal(deadline('2500-01-01T00:00:00.000Z', '1d').at, '2500-01-01T10:00:00.000Z')
    const end = '9999-12-31T23:59:59.999Z'
    for (const calendar of [office, wallClock, ...awkward.map(definition => compileCalendar(definition))]) {
      assert.equal(deadline('2026-01-01T00:00:00.000Z', `${10 ** 7}d`, calendar).at, end)
      assert.equal(deadline('2026-01-01T00:00:00.000Z', '104249991d', calendar).at, end)
      assert.equal(deadline('2026-01-01T00:00:00.000Z', '104249991d!', calendar).at, end)
    }
  })

  it('does not move for nothing, and measures nothing backwards', () => {
    const noon = Date.parse(shanghai('2026-11-23T12:30'))
    assert.equal(addWorkingMs(office, noon, 0), noon)
    assert.equal(addWorkingMs(office, noon, -5), noon)
    assert.equal(workingBetween(office, noon, noon - 86_400_000), 0)
  })

  it('refuses a time that is none', () => {
    assert.throws(() => deadline('yesterday', '1h'), RangeError)
  })

  it('gives the same through a copy of the calendar, as every workflow has its own', () => {
    const copy = JSON.parse(JSON.stringify(office))
    assert.deepEqual(deadline('2026-02-13T03:00:00.000Z', '30d', copy), deadline('2026-02-13T03:00:00.000Z', '30d'))
  })
})

describe('[U] working time, over random starts and lengths', () => {
  const calendars = [office, wallClock, ...awkward.map(definition => compileCalendar(definition))]
  const calendar = fc.constantFrom(...calendars)
  const instant = fc.oneof(
    fc.integer({ min: Date.UTC(2016, 11, 1), max: Date.UTC(2019, 0, 1) }),
    fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2200, 0, 1) }),
    fc.integer({ min: 0, max: 2000 }).map(hour => Date.UTC(2017, 9, 1) + hour * 1_800_000),
  )
  const length = fc.oneof(
    fc.integer({ min: 1, max: 3_600_000 }),
    fc.integer({ min: 1, max: 2000 }).map(minutes => minutes * 60_000),
    fc.integer({ min: 1, max: 10 ** 11 }),
  )
  const runs = { numRuns: draws(1000) }

  it('what was added is what lies between', () => {
    fc.assert(
      fc.property(calendar, instant, length, (c, from, ms) => {
        const at = addWorkingMs(c, from, ms)
        assert.equal(workingBetween(c, from, at), ms)
        // And it is the first such instant: a millisecond of work is still missing one before.
        assert.equal(workingBetween(c, from, at - 1), ms - 1)
      }),
      runs,
    )
  })

  it('a later start or a longer duration never ends earlier', () => {
    fc.assert(
      fc.property(calendar, instant, fc.nat(10 ** 8), length, fc.nat(10 ** 8), (c, from, later, ms, longer) => {
        assert.ok(addWorkingMs(c, from, ms) <= addWorkingMs(c, from + later, ms))
        assert.ok(addWorkingMs(c, from, ms) <= addWorkingMs(c, from, ms + longer))
        if (longer > 0) assert.ok(addWorkingMs(c, from, ms) < addWorkingMs(c, from, ms + longer))
      }),
      runs,
    )
  })

  it('adding in two parts is adding the sum', () => {
    fc.assert(
      fc.property(calendar, instant, length, length, (c, from, a, b) => {
        assert.equal(addWorkingMs(c, addWorkingMs(c, from, a), b), addWorkingMs(c, from, a + b))
      }),
      runs,
    )
  })

  for (const definition of awkward) {
    it(`is what counting each minute by the machine's own time zone gives: ${definition.id}`, () => {
      const compiled = compileCalendar(definition)
      const counter = new MinuteCounter(definition)
      const firstMinute = Date.UTC(2017, 0, 1) / 60_000
      const minute = fc.oneof(
        fc.integer({ min: firstMinute, max: firstMinute + 500 * 1440 }),
        // Near the changes of the clocks and the exceptional days.
        fc
          .tuple(
            fc.constantFrom(
              ...compiled.offsets
                .map(([from]) => from)
                .filter(from => from >= firstMinute && from < firstMinute + 700_000),
              ...compiled.special.map(([day]) => day! * 1440),
              firstMinute,
            ),
            fc.integer({ min: -2000, max: 2000 }),
          )
          .map(([near, distance]) => near + distance),
      )
      fc.assert(
        fc.property(
          minute,
          fc.integer({ min: 0, max: 10 * 1440 }),
          fc.integer({ min: 1, max: 600 }),
          (from, span, work) => {
            assert.equal(
              workingBetween(compiled, from * 60_000, (from + span) * 60_000),
              counter.between(from, from + span) * 60_000,
            )
            const at = counter.after(from, work, span)
            if (at !== undefined) assert.equal(addWorkingMs(compiled, from * 60_000, work * 60_000), at * 60_000)
          },
        ),
        { numRuns: draws(75) },
      )
    }).timeout(60_000)
  }
})

describe('[U] working time of random calendars', () => {
  // An hour, an hour on other days, half an hour, and at midnight: forward and back within 2017.
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Shanghai']
  const zone = fc.constantFrom(...zones)
  const shifts = fc
    .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 })
    .map(quarters => quarters.sort((a, b) => a - b))
    .map(quarters =>
      Array.from({ length: quarters.length >> 1 }, (_, i) => `${hour(quarters[2 * i]!)}-${hour(quarters[2 * i + 1]!)}`),
    )
  const date = fc
    .integer({ min: 0, max: 364 })
    .map(day => new Date(Date.UTC(2017, 0, 1 + day)).toISOString().slice(0, 10))
  const definition = fc
    .record({
      timeZone: zone,
      weekly: fc.dictionary(fc.constantFrom('mon', 'wed', 'sat', 'sun'), shifts, { minKeys: 1 }),
      days: fc.uniqueArray(fc.tuple(date, fc.option(shifts, { nil: undefined })), {
        maxLength: 8,
        selector: ([at]) => at,
      }),
    })
    .map(({ days, ...rest }) =>
      definitionOf({
        ...rest,
        holidays: days.flatMap(([at, hours]) => (hours === undefined ? { date: at } : [])),
        makeUpDays: days.flatMap(([at, hours]) => (hours === undefined ? [] : { date: at, hours })),
        horizon: '2017-12-31',
      }),
    )
  // Half of the starts lie within two days of a change of the clocks.
  const changes = zones.flatMap(name =>
    offsetsOf(name, 2017, 2017)
      .slice(1)
      .map(([at]) => at),
  )
  const minute = fc.oneof(
    fc.integer({ min: Date.UTC(2017, 0, 1) / 60_000, max: Date.UTC(2017, 11, 20) / 60_000 }),
    fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -2880, max: 2880 })).map(([at, near]) => at + near),
  )

  it('is what counting each minute gives, and what was added lies between', () => {
    fc.assert(
      fc.property(
        definition,
        minute,
        fc.integer({ min: 0, max: 2880 }),
        fc.integer({ min: 1, max: 500 }),
        (d, from, span, work) => {
          const calendar = compileCalendar(d)
          const counter = new MinuteCounter(d)
          assert.equal(
            workingBetween(calendar, from * 60_000, (from + span) * 60_000),
            counter.between(from, from + span) * 60_000,
          )
          const at = addWorkingMs(calendar, from * 60_000, work * 60_000)
          const counted = counter.after(from, work, 2880)
          if (counted !== undefined) assert.equal(at, counted * 60_000)
          assert.equal(workingBetween(calendar, from * 60_000, at), work * 60_000)
        },
      ),
      { numRuns: draws(120) },
    )
  }).timeout(60_000)

  it('is monotone, in the start and in the duration', () => {
    fc.assert(
      fc.property(definition, minute, fc.nat(3000), fc.nat(500), fc.nat(500), (d, from, later, work, longer) => {
        const calendar = compileCalendar(d)
        const at = addWorkingMs(calendar, from * 60_000, work * 60_000)
        assert.ok(at <= addWorkingMs(calendar, (from + later) * 60_000, work * 60_000))
        assert.ok(at <= addWorkingMs(calendar, from * 60_000, (work + longer) * 60_000))
      }),
      { numRuns: draws(250) },
    )
  }).timeout(60_000)
})

function hour(quarters: number): string {
  return `${String(quarters >> 2).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`
}
