import assert from 'node:assert/strict'
import { createSweep } from '../../api/sweep.ts'
import { askByProgram } from './ask-by-program.ts'
import { monday, type RunningApi, runApi } from './running-api.ts'

describe('/api/orders/{orderNo}/restore', () => {
  let api: RunningApi
  /** Seq of an entry that the store does not find. */
  let hides: number | undefined
  before(async () => {
    api = await runApi({
      around: store => ({
        ...store,
        readJournal: async (...which) => (await store.readJournal(...which)).filter(({ seq }) => seq !== hides),
      }),
    })
  })
  after(() => api.close())
  beforeEach(() => api.setTime(monday))

  const restore = (orderNo: string, as = 'zhao', body: object = { reason: 'ended by mistake' }) =>
    api.post(`/api/orders/${orderNo}/restore`, body, { as })
  const types = async (orderNo: string) =>
    (await api.store.readJournal(api.organisation, orderNo)).map(({ type }) => type)
  const vanished = (orderNo: string) => api.store.getException(api.organisation, `${orderNo}:vanished`)
  const later = (seconds: number) => api.setTime(new Date(Date.parse(monday) + seconds * 1000).toISOString())

  /** One that waits for its approval, and was terminated a minute ago. */
  const lost = async () => {
    const orderNo = await api.place('20000.00')
    api.orders.terminate(api.key(orderNo))
    later(60)
    return orderNo
  }

  it('[I] lets an order go on from its journal, which says who wanted it so, and ends its exception', async () => {
    const orderNo = await lost()
    await createSweep(api.deps)()
    const why = async () => (await api.get(`/api/orders/${orderNo}/why`, { as: 'qin' })).body
    assert.match((await why()).text, /^Nothing moves it on since .*restore.*ended from outside: terminated/)
    assert.match((await why()).textZh, /^自 .*不再推进/)
    const before = await types(orderNo)
    const answer = await restore(orderNo)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    assert.deepEqual([answer.body.orderNo, answer.body.temporal.runId], [orderNo, 'run-2'])
    const journal = await api.store.readJournal(api.organisation, orderNo)
    const added = journal.slice(before.length)
    const [restored] = added
    assert.deepEqual(
      [restored?.type, restored?.actor, restored?.reason],
      ['order.restored', 'zhao', 'ended by mistake'],
    )
    assert.deepEqual(restored?.data, { lost: `terminated at ${monday}` })
    assert.deepEqual(
      journal.map(({ seq }) => seq),
      journal.map((_, index) => index + 1),
    )
    assert.doesNotMatch((await why()).text, /restore/)
    const exception = await vanished(orderNo)
    assert.deepEqual([exception?.status, exception?.outcome, exception?.resolvedBy], ['resolved', 'fixed', 'zhao'])
    const approved = await api.post(`/api/orders/${orderNo}/commands`, { type: 'approve' }, { as: 'mei' })
    assert.equal(approved.status, 200)
  })

  it('[I] goes on from what Temporal still knows, at once and with what was not journalled; from the journal if asked', async () => {
    const orderNo = await api.place('20000.00')
    const before = (await types(orderNo)).length
    api.orders.isLagging = true
    assert.equal((await api.post(`/api/orders/${orderNo}/commands`, { type: 'approve' }, { as: 'mei' })).status, 200)
    api.orders.isLagging = false
    api.orders.terminate(api.key(orderNo), true)
    assert.equal((await restore(orderNo, 'zhao', { reason: 'mine', from: 'journal' })).body.code, 'not_applicable')
    const seen = api.orders.asked.length
    assert.equal((await restore(orderNo, 'zhao', { reason: 'mine', from: 'history' })).status, 200)
    assert.ok(api.orders.asked.slice(seen).includes('carried'))
    assert.deepEqual((await types(orderNo)).slice(before).slice(0, 1), ['step.completed'])
    assert.ok((await types(orderNo)).includes('order.restored'))
    const gone = await lost()
    const none = await restore(gone, 'zhao', { reason: 'mine', from: 'history' })
    assert.deepEqual([none.status, none.body.code], [409, 'lost'])
  })

  it('[I] begins an order of which nothing was journalled as it was accepted', async () => {
    api.orders.isLagging = true
    const orderNo = await api.place('20000.00')
    api.orders.isLagging = false
    api.orders.terminate(api.key(orderNo))
    later(60)
    assert.equal((await restore(orderNo)).status, 200)
    const [first, ...others] = await types(orderNo)
    assert.equal(first, 'order.received')
    assert.ok(others.includes('order.restored'))
  })

  it('[I] takes one that Temporal knows nothing of', async () => {
    const orderNo = await api.place('20000.00')
    api.orders.forget(api.key(orderNo))
    assert.equal((await restore(orderNo)).status, 200)
    const journal = await api.store.readJournal(api.organisation, orderNo)
    assert.deepEqual(journal.find(({ type }) => type === 'order.restored')?.data, { lost: 'not known to Temporal' })
  })

  it('[I] tells somebody anew when it vanishes once more', async () => {
    const orderNo = await lost()
    const sweep = () => createSweep(api.deps)()
    await sweep()
    assert.equal((await restore(orderNo)).status, 200)
    later(120)
    api.orders.terminate(api.key(orderNo))
    later(180)
    await sweep()
    assert.equal((await vanished(orderNo))?.status, 'open')
    await sweep()
    assert.equal((await vanished(orderNo))?.count, 2)
  })

  it('[I] goes on counting what it refuses', async () => {
    const orderNo = await lost()
    for (const id of [`${orderNo}/7`, `${orderNo}/api/x`]) {
      const at = id.endsWith('7') ? monday : '2026-03-02T09:00:00.000Z'
      const attempt = { id, at, actor: 'wu', command: 'approve', code: 'not_permitted', message: 'no' }
      await api.store.recordAttempt(api.key(orderNo), attempt)
    }
    assert.equal((await restore(orderNo)).status, 200)
    assert.equal(api.orders.inputOf(api.key(orderNo)).carried?.attemptCount, 7)
  })

  it('[I] is refused while it runs, when it has only just ended, closed, by the wrong person, and without a reason', async () => {
    const runs = await api.place('20000.00')
    const code = async (answer: ReturnType<typeof restore>) => {
      const { status, body } = await answer
      return [status, body.code]
    }
    assert.deepEqual(await code(restore(runs)), [409, 'not_applicable'])
    assert.deepEqual(await code(restore('no-such-order')), [404, 'not_found'])
    const just = await api.place('20000.00')
    api.orders.terminate(api.key(just))
    later(10)
    const early = await restore(just)
    assert.deepEqual([early.status, early.body.code, early.headers.get('retry-after')], [409, 'not_applicable', '20'])
    assert.match(early.body.detail, /only just ended \(terminated\).*try again in 20 s/)
    later(60)
    assert.deepEqual(await code(restore(just, 'mei')), [403, 'not_permitted'])
    assert.deepEqual(await code(restore(just, 'zhao', {})), [422, 'invalid'])
    assert.deepEqual(await code(restore(just, 'zhao', { reason: ' ' })), [422, 'invalid'])
    const closed = await api.place('20000.00')
    await api.post(`/api/orders/${closed}/commands`, { type: 'reject' }, { as: 'mei' })
    assert.deepEqual(await code(restore(closed)), [409, 'closed'])
    assert.equal((await types(just)).includes('order.restored'), false)
  })

  it('[I] is refused where the journal is not whole', async () => {
    const orderNo = await lost()
    hides = 2
    const answer = await restore(orderNo)
    hides = undefined
    assert.deepEqual([answer.status, answer.body.code], [409, 'lost'])
    assert.match(answer.body.detail, /nolimbo verify/)
  })

  describe('by nolimbo restore', () => {
    const run = (...args: string[]) => askByProgram(api.url, 'restore', ...args)

    it('[I] restores those that are named, and tells of each that it cannot', async () => {
      const [orderNo, runs] = [await lost(), await api.place('20000.00')]
      const { code, lines, problem } = await run(orderNo, runs, '--reason', 'ended by mistake')
      assert.equal(code, 1, problem)
      assert.deepEqual(
        lines.toSorted(),
        [
          '1 restored, 0 run, 1 failed',
          `${orderNo}  restored: pending_approval`,
          `${runs}  failed: not_applicable: the order's workflow runs: nothing of it is lost`,
        ].toSorted(),
      )
    })

    it('[I] restores all that are lost, and nothing else', async () => {
      const orders = [await lost(), await lost()]
      const runs = await api.place('20000.00')
      later(600)
      const { code, lines } = await run('--all', '--reason', "Temporal's database was lost")
      assert.equal(code, 0, lines.join('\n'))
      for (const orderNo of orders) assert.ok(lines.includes(`${orderNo}  restored: pending_approval`))
      assert.match(lines.at(-1)!, /^[2-9] restored, [1-9]\d* run, 0 failed$/)
      assert.ok(!(await types(runs)).includes('order.restored'))
    })

    it('[I] explains itself', async () => {
      for (const wrong of [['A-1'], ['--all'], ['--reason', 'x'], ['A-1', '--all', '--reason', 'x']]) {
        const { code, problem } = await run(...wrong)
        assert.equal(code, 2)
        assert.match(problem, /^usage: nolimbo restore/)
      }
    })
  })
})
