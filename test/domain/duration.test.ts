import assert from 'node:assert/strict'
import fc from 'fast-check'
import { durationText, parseDuration, wallMs } from '../../domain/duration.ts'

describe('[U] durations', () => {
  it('are read with days kept apart', () => {
    assert.deepEqual(parseDuration('90s'), { days: 0, ms: 90_000, wall: false })
    assert.deepEqual(parseDuration('2h'), { days: 0, ms: 7_200_000, wall: false })
    assert.deepEqual(parseDuration('3d'), { days: 3, ms: 0, wall: false })
    assert.deepEqual(parseDuration('1h30m'), { days: 0, ms: 5_400_000, wall: false })
    assert.deepEqual(parseDuration('250ms'), { days: 0, ms: 250, wall: false })
    assert.deepEqual(parseDuration('1d12h!'), { days: 1, ms: 43_200_000, wall: true })
    assert.deepEqual(parseDuration('5m7ms'), { days: 0, ms: 300_007, wall: false })
  })

  for (const text of [
    '',
    '!',
    '0s',
    '0d0h',
    '-2h',
    '+2h',
    '2',
    'h',
    '1.5h',
    '2 h',
    '30m1h',
    '1h1h',
    '1w',
    '2H',
    '2h!!',
    '2h\n',
  ]) {
    it(`refuse ${JSON.stringify(text)}`, () => assert.equal(parseDuration(text), undefined))
  }

  it('refuse what cannot be counted exactly', () => {
    assert.equal(parseDuration(`${'9'.repeat(20)}d`), undefined)
    assert.equal(parseDuration(`${Number.MAX_SAFE_INTEGER}s`), undefined)
    assert.equal(wallMs(parseDuration(`${Number.MAX_SAFE_INTEGER}ms`)!), Number.MAX_SAFE_INTEGER)
  })

  it('have the length of their parts by the wall clock', () => {
    const amount = fc.integer({ min: 0, max: 10_000 })
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, fc.boolean(), (d, h, m, s, ms, wall) => {
        const parsed = parseDuration(`${d}d${h}h${m}m${s}s${ms}ms${wall ? '!' : ''}`)
        const total = d * 86_400_000 + h * 3_600_000 + m * 60_000 + s * 1000 + ms
        if (total === 0) return assert.equal(parsed, undefined)
        assert.equal(wallMs(parsed!), total)
        assert.equal(parsed!.days, d)
        assert.equal(parsed!.wall, wall)
      }),
    )
  })

  it('are refused in a definition with what to write instead', () => {
    assert.equal(durationText.parse('4h'), '4h')
    const result = durationText.safeParse('4 hours')
    assert.match(result.error!.issues[0]!.message, /"1h30m"/)
  })
})
