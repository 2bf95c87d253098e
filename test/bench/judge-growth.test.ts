import assert from 'node:assert/strict'
import { allowances, judgeGrowth, type Kind } from '../../bench/soak/judge-growth.ts'

const minutes = 30
const untilMs = minutes * 60_000
/** A sample every ten seconds. */
const series = (kind: Kind, valueAt: (minute: number) => number) => ({
  name: 'it',
  kind,
  samples: Array.from({ length: minutes * 6 }, (_, index) => ({ at: index * 10_000, value: valueAt(index / 6) })),
})
const grows = (kind: Kind, valueAt: (minute: number) => number) => judgeGrowth(series(kind, valueAt), 0, untilMs).grows

describe('what grows in a soak', () => {
  it('[U] is not what goes up and down, nor what fills in the first third and stays', () => {
    assert.equal(
      grows('memory', minute => 300 + 60 * Math.sin(minute * 7)),
      false,
    )
    assert.equal(
      grows('memory', minute => Math.min(500, 200 + 30 * minute)),
      false,
    )
  })

  it('[U] is what goes on rising by more than is allowed', () => {
    assert.equal(
      grows('memory', minute => 200 + 5 * minute),
      true,
    )
    assert.equal(
      grows('handles', minute => 40 + minute),
      true,
    )
    assert.equal(
      grows('latency', minute => 20 + 3 * minute),
      true,
    )
    assert.equal(
      grows('heap', minute => 100 + 2 * minute),
      true,
    )
  })

  it('[U] is judged by the second third, and exactly at the allowance it is flat', () => {
    const { part, amount } = allowances.memory
    const last = 100 * (1 + part) + amount
    assert.equal(
      grows('memory', minute => (minute < 20 ? 100 : last)),
      false,
    )
    assert.equal(
      grows('memory', minute => (minute < 20 ? 100 : last + 0.1)),
      true,
    )
    const { thirds } = judgeGrowth(
      series('memory', minute => (minute < 10 ? 1 : minute < 20 ? 2 : 3)),
      0,
      untilMs,
    )
    assert.deepEqual(thirds, [1, 2, 3])
  })

  it('[U] cannot be said of what was not measured', () => {
    assert.throws(() => judgeGrowth({ name: 'it', kind: 'heap', samples: [] }, 0, untilMs), /nothing was measured/)
  })
})
