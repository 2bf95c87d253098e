import assert from 'node:assert/strict'
import { goods, lines, money, order, TestSandbox } from './test-sandbox.ts'

const pairs = [
  {
    do: '/payments/authorise',
    undo: '/payments/void',
    kind: 'authorise',
    body: money,
    done: 'authorisations',
    undone: 'voids',
  },
  {
    do: '/payments/capture',
    undo: '/payments/refund',
    kind: 'capture',
    body: money,
    done: 'captures',
    undone: 'refunds',
  },
  {
    do: '/stock/reserve',
    undo: '/stock/release',
    kind: 'reserve',
    body: goods,
    done: 'reservations',
    undone: 'releases',
  },
  { do: '/shipments', undo: '/shipments/recall', kind: 'ship', body: goods, done: 'parcels', undone: 'recalls' },
] as const

const key = 'main/S-1/step/1'

describe('sandbox: operations', () => {
  let sandbox: TestSandbox
  beforeEach(async () => {
    sandbox = await TestSandbox.start()
  })
  afterEach(() => sandbox.stop())

  const ledger = async () => (await sandbox.client.get('/ledger')).body

  for (const pair of pairs) {
    const amountOrQuantities = 'lines' in pair.body ? { quantities: lines } : { amount: '120.00', currency: 'CNY' }

    it(`[I] ${pair.do} happens once for each key, and answers the same again`, async () => {
      const { client } = sandbox
      const answers = await Promise.all([1, 2, 3].map(() => client.post(pair.do, pair.body, key)))
      assert.equal(answers[0]?.status, 200)
      for (const answer of answers) assert.deepEqual(answer, answers[0])
      const { at, id, ...entry } = (await ledger())[pair.done][0]
      assert.deepEqual(entry, { ...order, key, ...amountOrQuantities })
      assert.equal(new Date(at).toISOString(), at)
      assert.equal((await ledger())[pair.done].length, 1)
      assert.equal(typeof id, pair.kind === 'ship' ? 'string' : 'undefined')
    })

    it(`[I] ${pair.do} refuses a key that comes back with another body`, async () => {
      await sandbox.client.post(pair.do, pair.body, key)
      const other = { ...pair.body, orderNo: 'S-2' }
      const { status, body } = await sandbox.client.post(pair.do, other, key)
      assert.deepEqual([status, body.code], [409, 'key_reused'])
    })

    it(`[I] ${pair.undo} takes back what the key did, once, and bars it`, async () => {
      const { client } = sandbox
      await client.post(pair.do, pair.body, key)
      const first = await client.post(pair.undo, order, key)
      assert.deepEqual(await client.post(pair.undo, pair.body, key), first)
      assert.equal(first.status, 200)
      assert.equal((await ledger())[pair.undone].length, 1)
      const { at, ...entry } = (await ledger())[pair.undone][0]
      assert.deepEqual(entry, { ...order, key, ...amountOrQuantities })
      const again = await client.post(pair.do, pair.body, key)
      assert.deepEqual([again.status, again.body.code], [409, 'barred'])
      assert.equal((await ledger())[pair.done].length, 1)
    })

    it(`[I] ${pair.undo} is safe when nothing was done, and bars a do that comes late`, async () => {
      const { client } = sandbox
      const { status, body } = await client.post(pair.undo, order, key)
      assert.equal(status, 200)
      assert.deepEqual(body.lines ?? body.amount, 'lines' in pair.body ? [] : '0')
      const late = await client.post(pair.do, pair.body, key)
      assert.deepEqual([late.status, late.body.code], [409, 'barred'])
      assert.ok(Object.values(await ledger()).every(list => (list as unknown[]).length === 0))
      await sandbox.restart()
      assert.equal((await sandbox.client.post(pair.do, pair.body, key)).body.code, 'barred')
      const nextRound = await sandbox.client.post(pair.do, pair.body, 'main/S-1/step/2')
      assert.equal(nextRound.status, 200)
    })

    it(`[I] ${pair.undo} refuses another order's key`, async () => {
      await sandbox.client.post(pair.do, pair.body, key)
      const { status, body } = await sandbox.client.post(pair.undo, { ...order, orderNo: 'S-2' }, key)
      assert.deepEqual([status, body.code], [409, 'key_reused'])
      assert.equal((await ledger())[pair.undone].length, 0)
    })

    it(`[I] GET /operations/${pair.kind} tells what became of a key`, async () => {
      const { client } = sandbox
      const path = `/operations/${pair.kind}?key=${encodeURIComponent(key)}`
      assert.deepEqual((await client.get(path)).status, 404)
      const done = await client.post(pair.do, pair.body, key)
      assert.deepEqual(await client.get(path), done)
      await client.post(pair.undo, order, key)
      assert.equal((await client.get(path)).body.code, 'barred')
    })
  }

  it('[I] a refund of its own needs standalone and an amount, and happens once', async () => {
    const { client } = sandbox
    const refund = { ...money, standalone: true }
    assert.equal((await client.post('/payments/refund', { ...order, standalone: true }, key)).status, 422)
    const first = await client.post('/payments/refund', refund, key)
    assert.equal(first.body.amount, '120.00')
    assert.deepEqual(await client.post('/payments/refund', refund, key), first)
    assert.equal((await client.post('/payments/refund', { ...refund, amount: '1.00' }, key)).body.code, 'key_reused')
    assert.equal((await ledger()).refunds.length, 1)
    assert.equal((await ledger()).refunds[0].amount, '120.00')
  })

  it('[I] standalone or not, a refund by the key of a capture takes that capture back', async () => {
    const { client } = sandbox
    await client.post('/payments/capture', money, key)
    await client.post('/payments/refund', { ...money, amount: '7.00', standalone: true }, key)
    await client.post('/payments/refund', order, key)
    assert.deepEqual(
      (await ledger()).refunds.map((entry: { amount: string }) => entry.amount),
      ['120.00'],
    )
  })

  it('[I] the ledger can be read for one order, and not be deleted', async () => {
    const { client } = sandbox
    await client.post('/payments/authorise', money, key)
    await client.post('/payments/authorise', { ...money, orderNo: 'S-2' }, 'main/S-2/step/1')
    const one = (await client.get('/ledger?orderNo=S-2')).body
    assert.deepEqual(
      one.authorisations.map((entry: { key: string }) => entry.key),
      ['main/S-2/step/1'],
    )
    assert.equal((await client.send('DELETE', '/ledger')).status, 404)
    assert.equal((await ledger()).authorisations.length, 2)
  })

  it('[I] what it does not understand is refused and not done', async () => {
    const { client } = sandbox
    const refused: [string, unknown, string?][] = [
      ['/payments/authorise', money],
      ['/payments/authorise', { ...money, amount: 120 }, key],
      ['/payments/authorise', { ...money, amount: '0.00' }, key],
      ['/payments/authorise', { ...money, tip: '1.00' }, key],
      ['/stock/reserve', { ...goods, lines: [] }, key],
      ['/stock/reserve', { ...goods, lines: [lines[0], lines[0]] }, key],
      ['/shipments', { ...goods, parcels: 0 }, key],
    ]
    for (const [path, body, withKey] of refused) {
      const answer = await client.post(path, body, withKey)
      assert.deepEqual([answer.status, answer.body.code], [422, 'invalid'], JSON.stringify(body))
    }
    assert.equal((await client.get('/operations/pay?key=x')).status, 422)
    assert.ok(Object.values(await ledger()).every(list => (list as unknown[]).length === 0))
  })
})
