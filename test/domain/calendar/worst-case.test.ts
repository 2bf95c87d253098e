import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compileCalendar } from '../../../domain/calendar/compile-calendar.ts'
import { addWorkingMs, workingBetween } from '../../../domain/calendar/working-time.ts'
import { worstWallMs, worstWorkingMs } from '../../../domain/calendar/worst-case.ts'
import { awkward, loadCalendar } from './calendars.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

describe('[U] the worst case', () => {
  const office = loadCalendar('cn-office')
  const wallClock = loadCalendar('wall-clock')
  const from = '2026-01-01T00:00:00.000Z'

  it('is over the Spring Festival for an office in China', () => {
    // From Saturday the 14th (a make-up day) at 18:00 to Tuesday the 24th at 10:00.
    assert.equal(worstWallMs(office, hourMs, { from }), 9 * dayMs + 16 * hourMs)
    // Without the holidays, from Friday 18:00 to Monday 10:00.
    const november = { from: '2026-11-01T00:00:00.000Z', until: '2026-12-20T00:00:00.000Z' }
    assert.equal(worstWallMs(office, hourMs, november), 2 * dayMs + 16 * hourMs)
  })

  it('looks past the horizon where the length asked for does', () => {
    const lastDay = { from: '2026-12-31T09:00:00.000Z' }
    // Thursday 18:00 (10:00 UTC), with all of Friday 1 January counted as worked, since nothing else is known yet.
    assert.equal(worstWallMs(office, 8 * hourMs, lastDay), dayMs)
  })

  it('is the wall clock itself where nothing ever closes', () => {
    assert.equal(worstWallMs(wallClock, 5 * dayMs, { from }), 5 * dayMs)
    assert.equal(worstWorkingMs(wallClock, 5 * dayMs, { from }), 5 * dayMs)
  })

  it('finds the week with the most work', () => {
    // 7 x 24 h hold five days of eight hours, six where a weekend is worked before or after the holidays.
    const november = { from: '2026-11-01T00:00:00.000Z', until: '2026-12-20T00:00:00.000Z' }
    assert.equal(worstWorkingMs(office, 7 * dayMs, november), 40 * hourMs)
    assert.equal(
      worstWorkingMs(office, 7 * dayMs, { from: '2026-02-01T00:00:00.000Z', until: '2026-03-05T00:00:00.000Z' }),
      48 * hourMs,
    )
    assert.equal(
      worstWorkingMs(office, 21 * dayMs, { from: '2026-05-01T00:00:00.000Z', until: '2026-07-01T00:00:00.000Z' }),
      128 * hourMs,
    )
  })

  it('still answers when the horizon has passed', () => {
    assert.equal(worstWallMs(office, hourMs, { from: '2030-01-01T00:00:00.000Z' }), 2 * dayMs + 16 * hourMs)
  })

  it('refuses a range that is none', () => {
    assert.throws(() => worstWallMs(office, 1, { from: 'today' }), RangeError)
  })

  it('is reached by some start of the range and exceeded by none', () => {
    const start = Date.UTC(2017, 1, 1)
    fc.assert(
      fc.property(
        fc.constantFrom(...awkward.map(definition => compileCalendar(definition))),
        fc.integer({ min: 0, max: 700 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 200 }),
        (calendar, startDay, days, quarters) => {
          const first = start + startDay * dayMs
          const last = first + days * dayMs
          const range = { from: new Date(first).toISOString(), until: new Date(last).toISOString() }
          const lengthMs = quarters * 900_000 + 60_000
          // Every shift of these calendars begins and ends on a whole minute, so some whole minute is the worst.
          let [wall, working] = [0, 0]
          for (let at = first; at <= last; at += 60_000) {
            wall = Math.max(wall, addWorkingMs(calendar, at, lengthMs) - at)
            working = Math.max(working, workingBetween(calendar, at, at + lengthMs))
          }
          assert.equal(worstWallMs(calendar, lengthMs, range), wall)
          assert.equal(worstWorkingMs(calendar, lengthMs, range), working)
        },
      ),
      { numRuns: 100 },
    )
  }).timeout(60_000)

  it('takes less than 20 ms for two years', () => {
    const twoYears = { from: '2025-01-01T00:00:00.000Z', until: '2026-12-31T00:00:00.000Z' }
    // The best of five, each on a calendar that has no index yet: the machine has other things to do, too.
    const best = (work: (calendar: typeof office) => void) =>
      Math.min(
        ...Array.from({ length: 5 }, () => {
          const fresh = structuredClone(office)
          const begun = performance.now()
          work(fresh)
          return performance.now() - begun
        }),
      )
    assert.ok(best(calendar => worstWallMs(calendar, 24 * hourMs, twoYears)) < 20)
    assert.ok(best(calendar => worstWorkingMs(calendar, 21 * dayMs, twoYears)) < 20)
  })
})
