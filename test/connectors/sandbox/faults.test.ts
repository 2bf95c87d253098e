import assert from 'node:assert/strict'
import { goods, money, TestSandbox } from './test-sandbox.ts'

describe('sandbox: faults', () => {
  let sandbox: TestSandbox
  beforeEach(async () => {
    sandbox = await TestSandbox.start()
  })
  afterEach(() => sandbox.stop())

  const authorise = (orderNo: string, step = 'payment', signal?: AbortSignal) =>
    sandbox.client.send('POST', '/payments/authorise', { ...money, orderNo }, `main/${orderNo}/${step}/1`, signal)
  const done = async () => (await sandbox.client.get('/ledger')).body.authorisations.length
  const orders = Array.from({ length: 40 }, (_, index) => `S-${index}`)

  it('[I] has none at first, shows what is set, keeps what is not named, forgets them at a restart', async () => {
    const none = {
      latencyMs: 0,
      errorRate: 0,
      timeoutAfterDoing: false,
      callback: 'ok',
      lateMs: 5000,
      stockShort: false,
      orderNo: null,
      seed: 1,
    }
    assert.deepEqual((await sandbox.client.get('/faults')).body, none)
    await sandbox.client.put('/faults', { latencyMs: 5 })
    const set = await sandbox.client.put('/faults', { callback: 'lost', stockShort: ['TEA'] })
    assert.deepEqual(set.body, { ...none, latencyMs: 5, callback: 'lost', stockShort: ['TEA'] })
    await sandbox.restart()
    assert.deepEqual((await sandbox.client.get('/faults')).body, none)
  })

  it('[I] refuses faults that do not exist or make no sense, and changes nothing', async () => {
    const before = await sandbox.client.get('/faults')
    const wrong: [object, RegExp][] = [
      [{ latency: 5 }, /latency/],
      [{ latencyMs: -1 }, /latencyMs/],
      [{ latencyMs: 5, errorRate: 2 }, /errorRate/],
      [{ timeoutAfterDoing: 'yes' }, /timeoutAfterDoing/],
      [{ callback: 'gone' }, /callback/],
      [{ stockShort: [] }, /stockShort/],
      [{ seed: 'x' }, /seed/],
    ]
    for (const [body, named] of wrong) {
      const answer = await sandbox.client.put('/faults', body)
      assert.deepEqual([answer.status, answer.body.code], [422, 'invalid'])
      assert.match(answer.body.message, named)
    }
    assert.deepEqual(await sandbox.client.get('/faults'), before)
  })

  it('[I] latencyMs: takes that long', async () => {
    await sandbox.client.put('/faults', { latencyMs: 60 })
    const startedAt = performance.now()
    await authorise('S-1')
    assert.ok(performance.now() - startedAt >= 59)
  })

  it('[I] errorRate: refused with 503 and not done, a fraction of the calls, the same ones for the same seed', async () => {
    await sandbox.client.put('/faults', { errorRate: 0.5, seed: 7 })
    const statuses = async () => Promise.all(orders.map(async orderNo => (await authorise(orderNo)).status))
    const first = await statuses()
    const accepted = first.filter(status => status === 200).length
    assert.ok(accepted > 8 && accepted < 32, `${accepted} of 40`)
    assert.ok(first.every(status => status === 200 || status === 503))
    assert.equal(await done(), accepted)
    assert.notDeepEqual(await statuses(), first, 'a retry has luck of its own')
    await sandbox.client.put('/faults', { seed: 7 })
    assert.deepEqual(await statuses(), first)
    await sandbox.client.put('/faults', { errorRate: 1 })
    assert.equal((await sandbox.client.get('/operations/authorise?key=main%2FS-1%2Fpayment%2F1')).status, 503)
    assert.equal((await sandbox.client.get('/parcels?organisation=main&orderNo=S-1')).status, 503)
  })

  it('[I] timeoutAfterDoing: done, and never answered', async () => {
    await sandbox.client.put('/faults', { timeoutAfterDoing: true })
    await assert.rejects(authorise('S-1', 'payment', AbortSignal.timeout(60)), { name: 'TimeoutError' })
    assert.equal(await done(), 1)
    await sandbox.client.put('/faults', { timeoutAfterDoing: 0 })
    assert.equal((await authorise('S-1')).status, 200)
    assert.equal(await done(), 1)
  })

  it('[I] stockShort: a fraction of the orders, each always or never; or some skus', async () => {
    const shortOnes = async (round: number) => {
      const answers = orders.map(orderNo =>
        sandbox.client.post('/stock/reserve', { ...goods, orderNo }, `main/${orderNo}/stock/${round}`),
      )
      return (await Promise.all(answers)).map(({ body }) =>
        body.lines.map((line: { quantity: number }) => line.quantity),
      )
    }
    await sandbox.client.put('/faults', { stockShort: 0.5 })
    const first = await shortOnes(1)
    const short = first.filter(([tea]) => tea === 5).length
    assert.ok(short > 8 && short < 32, `${short} of 40`)
    assert.deepEqual(await shortOnes(2), first)
    await sandbox.client.put('/faults', { stockShort: ['CUP'] })
    assert.deepEqual((await shortOnes(3))[0], [10, 1])
  })

  it('[I] orderNo: only orders whose number begins so', async () => {
    await sandbox.client.put('/faults', { errorRate: 1, orderNo: 'BAD-' })
    assert.equal((await authorise('S-1')).status, 200)
    assert.equal((await authorise('BAD-1')).status, 503)
    await sandbox.client.put('/faults', { orderNo: null })
    assert.equal((await authorise('S-2')).status, 503)
  })
})
