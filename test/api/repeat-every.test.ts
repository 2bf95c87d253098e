import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { repeatEvery } from '../../api/repeat-every.ts'

describe('repeating', () => {
  it('[U] goes on after an error, and ends with the time that is under way', async () => {
    const errors: unknown[] = []
    const third = Promise.withResolvers<void>()
    let [runs, underWay] = [0, false]
    const run = async () => {
      runs += 1
      if (runs === 2) throw new Error('no luck')
      underWay = true
      if (runs === 3) third.resolve()
      await pause(10)
      underWay = false
    }
    const repeating = repeatEvery(1, run, error => errors.push(error))
    assert.equal(runs, 1, 'at once')
    await third.promise
    await repeating.stop()
    assert.deepEqual([runs, underWay, errors.length], [3, false, 1])
    await pause(20)
    assert.equal(runs, 3)
  })

  it('[U] begins after a first pause, unless it is stopped before', async () => {
    let runs = 0
    const count = async () => {
      runs += 1
    }
    const repeating = repeatEvery(10_000, count, () => {}, 5)
    assert.equal(runs, 0)
    await pause(30)
    assert.equal(runs, 1)
    await repeating.stop()
    await repeatEvery(10_000, count, () => {}, 5).stop()
    await pause(30)
    assert.equal(runs, 1)
  })
})
