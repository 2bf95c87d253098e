import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { keepAlive } from '../../../cli/up/keep-alive.ts'

class FakePart {
  readonly #end = Promise.withResolvers<void>()
  readonly ended = this.#end.promise
  stopped = false
  die(): void {
    this.#end.resolve()
  }
  async stop(): Promise<void> {
    this.stopped = true
    this.die()
  }
}

describe('a part that is kept alive', () => {
  it('[U] is started again when it dies, and stopped for good', async () => {
    const parts: FakePart[] = []
    const told: string[] = []
    const start = async () => {
      const part = new FakePart()
      parts.push(part)
      return part
    }
    const keeper = await keepAlive(start, what => told.push(what))
    assert.equal(keeper.first, parts[0])
    parts[0]!.die()
    await pause(10)
    assert.deepEqual([parts.length, told], [2, ['ended unexpectedly; starting it again', 'runs again']])
    await keeper.stop()
    assert.deepEqual([parts.length, parts[1]!.stopped], [2, true])
  })

  it('[U] that is on its way up again when all is stopped is stopped, too', async () => {
    const first = new FakePart()
    const second = Promise.withResolvers<FakePart>()
    const starts = [Promise.resolve(first), second.promise]
    const keeper = await keepAlive(
      () => starts.shift()!,
      () => {},
    )
    first.die()
    await pause(10)
    assert.equal(starts.length, 0)
    const stopping = keeper.stop()
    const part = new FakePart()
    second.resolve(part)
    await stopping
    assert.equal(part.stopped, true)
  })

  it('[U] that cannot be started again does not keep anybody from stopping', async () => {
    const first = new FakePart()
    let starts = 0
    const told: string[] = []
    const start = async () => {
      starts += 1
      if (starts > 1) throw new Error('no port')
      return first
    }
    const keeper = await keepAlive(start, what => told.push(what))
    first.die()
    await pause(10)
    assert.equal(told.at(-1), 'could not be started: no port')
    const begun = performance.now()
    await keeper.stop()
    assert.ok(performance.now() - begun < 1000)
  })

  it('[U] that cannot be started at all is an error', async () => {
    const start = () => Promise.reject(new Error('no program'))
    await assert.rejects(
      keepAlive<FakePart>(start, () => {}),
      /no program/,
    )
  })
})
