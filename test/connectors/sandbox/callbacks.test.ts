import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { goods, lines, money, order, TestSandbox } from './test-sandbox.ts'

interface Received {
  readonly path: string
  readonly authorization: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: whatever was posted; the tests look at it
  readonly fact: any
}

/** Takes facts as nolimbo's API does, on the loopback interface. */
class Receiver {
  readonly received: Received[] = []
  status = 202
  readonly #server: Server

  constructor() {
    this.#server = createServer(async (request, response) => {
      const fact = JSON.parse(await text(request))
      this.received.push({ path: request.url ?? '', authorization: request.headers.authorization, fact })
      response.writeHead(this.status).end('{}')
      this.#server.emit('received')
    })
  }

  async start(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get target(): { url: string; key: string } {
    return { url: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`, key: 'demo-shop' }
  }

  async count(count: number): Promise<Received[]> {
    while (this.received.length < count) await once(this.#server, 'received', { signal: AbortSignal.timeout(5000) })
    return this.received
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    if (this.#server.listening) await new Promise(resolve => this.#server.close(resolve))
  }
}

/** Long enough for a callback on the loopback interface that should not come. */
const quietMs = 80
const quiet = () => new Promise(resolve => setTimeout(resolve, quietMs))

describe('sandbox: callbacks', () => {
  let receiver: Receiver
  let sandbox: TestSandbox
  beforeEach(async () => {
    receiver = new Receiver()
    await receiver.start()
    sandbox = await TestSandbox.start(receiver.target)
  })
  afterEach(async () => {
    await sandbox.stop()
    await receiver.stop()
  })

  const pay = (orderNo = 'S-1') => sandbox.client.post('/pay', { ...money, orderNo }, `pay-${orderNo}`)

  it('[I] ok: tells of deliveries, of money and of stock, once each', async () => {
    const { client } = sandbox
    await client.put('/faults', { stockShort: ['CUP'] })
    await client.post('/stock/reserve', goods, 'main/S-1/stock/1')
    const { parcels } = (await client.post('/shipments', goods, 'main/S-1/shipment/1')).body
    await quiet()
    assert.equal(receiver.received.length, 0, 'nothing by itself')
    await client.post('/deliver', order)
    await receiver.count(1)
    await pay()
    await pay()
    await receiver.count(2)
    await client.post('/stock/arrive', order)
    await receiver.count(3)
    await quiet()
    const facts = receiver.received.map(({ fact: { at, ...fact } }) => {
      assert.equal(new Date(at).toISOString(), at)
      return fact
    })
    const id = parcels[0].id
    assert.deepEqual(facts, [
      { id: `shipment.delivered/${id}`, source: 'sandbox', type: 'shipment.delivered', data: { parcel: id, lines } },
      {
        id: 'payment.received/pay-S-1',
        source: 'sandbox',
        type: 'payment.received',
        data: { amount: '120.00', currency: 'CNY' },
      },
      {
        id: 'stock.reserved/main/S-1/stock/1',
        source: 'sandbox',
        type: 'stock.reserved',
        data: { lines: [{ line: 2, sku: 'CUP', quantity: 2 }] },
      },
    ])
    for (const { path, authorization } of receiver.received) {
      assert.deepEqual([path, authorization], ['/api/orders/S-1/facts', 'Bearer demo-shop'])
    }
  })

  it('[I] lost: never sent, not after a restart either, though it did happen', async () => {
    const { client } = sandbox
    await client.put('/faults', { callback: 'lost', orderNo: 'S-1' })
    const { parcels } = (await client.post('/shipments', goods, 'main/S-1/shipment/1')).body
    await client.post('/deliver', order)
    await pay('S-2')
    await receiver.count(1)
    await quiet()
    await sandbox.restart(receiver.target)
    await quiet()
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      ['/api/orders/S-2/facts'],
    )
    assert.equal((await sandbox.client.get(`/parcels/${parcels[0].id}`)).body.status, 'delivered')
  })

  it('[I] doubled: sent twice with the same id', async () => {
    await sandbox.client.put('/faults', { callback: 'doubled' })
    await pay()
    const [first, second] = await receiver.count(2)
    assert.deepEqual(first, second)
    await quiet()
    assert.equal(receiver.received.length, 2)
  })

  it('[I] late: sent only after lateMs, a restart in between or not', async () => {
    await sandbox.client.put('/faults', { callback: 'late', lateMs: 150 })
    const startedAt = performance.now()
    await pay()
    await sandbox.restart(receiver.target)
    await receiver.count(1)
    assert.ok(performance.now() - startedAt >= 140)
  })

  it('[I] sent again until it is taken', async () => {
    receiver.status = 503
    await pay()
    await receiver.count(1)
    receiver.status = 202
    await receiver.count(2)
    await quiet()
    assert.equal(receiver.received.length, 2)
  })

  it('[I] not sent again once it was refused for what it says', async () => {
    receiver.status = 422
    await pay()
    await receiver.count(1)
    await new Promise(resolve => setTimeout(resolve, 300))
    await sandbox.restart(receiver.target)
    await quiet()
    assert.equal(receiver.received.length, 1)
  })

  it('[I] what could not be sent is sent after a restart, and only that', async () => {
    await pay('S-1')
    await receiver.count(1)
    await quiet()
    const { target } = receiver
    await receiver.stop()
    await pay('S-2')
    receiver = new Receiver()
    await receiver.start()
    assert.notEqual(receiver.target.url, target.url)
    await sandbox.restart(receiver.target)
    await receiver.count(1)
    await quiet()
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      ['/api/orders/S-2/facts'],
    )
  })

  it('[I] without an order system to tell, facts are kept', async () => {
    await sandbox.restart()
    await pay()
    await sandbox.restart(receiver.target)
    await receiver.count(1)
  })
})
