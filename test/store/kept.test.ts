import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { keep } from '../../store/kept.ts'

describe('what is kept of the store', () => {
  /** Each answer takes a moment, and is another one. */
  function counted() {
    let asked = 0
    const kept = keep(async () => {
      const answer = ++asked
      await pause(100)
      return answer
    }, 0)
    return { kept, asked: () => asked }
  }

  it('[U] is read once for all who ask at the same time, and then not for a while', async () => {
    const { kept, asked } = counted()
    assert.deepEqual(await Promise.all([kept.today(), kept.today()]), [1, 1])
    assert.deepEqual([await kept.today(), asked()], [1, 1])
  })

  it('[U] is read anew, before it is too old, beside whoever asks, who does not wait', async () => {
    const { kept, asked } = counted()
    await kept.today()
    await pause(1_200)
    const begun = performance.now()
    assert.equal(await kept.today(), 1)
    assert.ok(performance.now() - begun < 80)
    assert.equal(asked(), 2)
    await pause(200)
    assert.deepEqual([await kept.today(), asked()], [2, 2])
  })

  it('[U] is waited for where what is known is too old, or is said to be', async () => {
    const { kept } = counted()
    await kept.today()
    await pause(2_100)
    assert.equal(await kept.today(), 2)
    kept.forget()
    assert.equal(await kept.today(), 3)
  })

  it('[U] is not what was being read when it was said to be out of date', async () => {
    let answer = Promise.withResolvers<string>()
    const kept = keep(() => answer.promise, 'first')
    const early = answer
    const asked = kept.today()
    kept.forget()
    answer = Promise.withResolvers()
    const after = kept.today()
    answer.resolve('new')
    assert.equal(await after, 'new')
    early.resolve('old')
    await asked
    assert.equal(await kept.today(), 'new')
    assert.equal(kept.known(), 'new')
  })
})
