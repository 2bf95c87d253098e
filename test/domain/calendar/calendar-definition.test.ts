import assert from 'node:assert/strict'
import { complaints } from './calendars.ts'

describe('[U] a calendar definition', () => {
  it('is taken when it is sound', () => {
    assert.deepEqual(complaints({}), [])
    assert.deepEqual(complaints({ weekly: { mon: ['00:00-24:00'], tue: [] } }), [])
    assert.deepEqual(complaints({ weekly: { mon: ['09:00-12:00', '12:00-13:00'] } }), [])
    assert.deepEqual(
      complaints({ holidays: [{ date: '2026-10-01', name: 'x' }], makeUpDays: [{ date: '2026-10-10' }] }),
      [],
    )
  })

  const refused: [string, object, RegExp][] = [
    ['an unknown key', { holiday: [] }, /holiday/],
    ['an unknown time zone', { timeZone: 'Asia/Peking' }, /^timeZone: .*Asia\/Shanghai/],
    ['an offset instead of a time zone', { timeZone: '+08:00' }, /^timeZone: /],
    ['a reversed shift', { weekly: { tue: ['12:00-09:00'] } }, /^weekly\.tue\.0: 12:00-09:00 ends before it begins/],
    ['an empty shift', { weekly: { tue: ['09:00-09:00'] } }, /^weekly\.tue\.0: .*ends before/],
    ['a shift past midnight', { weekly: { tue: ['22:00-06:00'] } }, /^weekly\.tue\.0: /],
    ['an impossible time', { weekly: { tue: ['09:00-24:30'] } }, /^weekly\.tue\.0: .*written like/],
    ['overlapping shifts', { weekly: { wed: ['09:00-12:00', '11:59-13:00'] } }, /^weekly\.wed\.1: .*overlaps/],
    ['shifts out of order', { weekly: { wed: ['13:00-14:00', '09:00-12:00'] } }, /^weekly\.wed\.1: .*out of order/],
    [
      'overlap on a make-up day',
      { makeUpDays: [{ date: '2026-10-10', hours: ['09:00-12:00', '10:00-11:00'] }] },
      /^makeUpDays\.0\.hours\.1: /,
    ],
    ['a week without work', { weekly: { mon: [] } }, /^weekly: no working minute/],
    ['an unknown weekday', { weekly: { mon: ['09:00-12:00'], tuesday: ['09:00-12:00'] } }, /weekly/],
    [
      'a holiday past the horizon',
      { holidays: [{ date: '2027-01-01' }] },
      /^holidays\.0\.date: .*past the horizon, 2026-12-31/,
    ],
    [
      'a holiday before any calendar begins',
      { holidays: [{ date: '2014-12-31' }] },
      /^holidays\.0\.date: .*before 2015/,
    ],
    ['a make-up day past the horizon', { makeUpDays: [{ date: '2027-01-02' }] }, /^makeUpDays\.0\.date: .*past/],
    [
      'a date that is both',
      { holidays: [{ date: '2026-10-01' }], makeUpDays: [{ date: '2026-10-01' }] },
      /^makeUpDays\.0\.date: .*holiday and as a make-up/,
    ],
    [
      'a date listed twice',
      { holidays: [{ date: '2026-10-01' }, { date: '2026-10-01' }] },
      /^holidays\.1\.date: .*twice/,
    ],
    ['a date that does not exist', { holidays: [{ date: '2026-02-30' }] }, /^holidays\.0\.date: a date/],
    ['a malformed date', { horizon: '2026-1-1' }, /^horizon: a date/],
    ['a horizon out of reach', { horizon: '9999-12-31' }, /^horizon: /],
  ]
  for (const [what, parts, message] of refused) {
    it(`is refused for ${what}`, () => {
      const found = complaints(parts)
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0]!, message)
    })
  }
})
