import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sendBulk } from '../../../activities/bulk/send-bulk.ts'
import { OrdersUnavailable } from '../../../order-client/order-client.ts'
import type { Store } from '../../../store/open-store.ts'
import { StoreUnavailable } from '../../../store/store-error.ts'
import { type RunningApi, runApi } from '../../api/running-api.ts'
import { catalogue } from '../../domain/definitions.ts'
import { inActivity } from '../samples.ts'

describe('a slice of a bulk', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  /** A bulk of the process owner's for these orders, and a way to run a slice of it. */
  async function begun(orderNos: readonly string[], around: (store: Store) => Partial<Store> = () => ({})) {
    const { organisation } = api
    const key = { organisation, id: `b-${randomUUID()}` }
    await api.store.insertBulk(
      {
        ...{ ...key, requestHash: 'x', actor: 'zhao', roles: null, service: false },
        ...{ command: { type: 'hold', hold: 'customer' }, dryRun: false, perSecond: 50, filter: null },
        createdAt: new Date().toISOString(),
      },
      orderNos,
    )
    const store = { ...api.store, ...around(api.store) }
    const send = sendBulk({ store, orders: api.orders, directory: () => api.deps.people.today(), catalogue })
    const results = async () =>
      (await api.store.listOfBulk({ ...key, limit: 100 })).items.map(({ orderNo, outcome, result }) => ({
        orderNo,
        outcome,
        ...result,
      }))
    return { slice: () => inActivity(send, { ...key, sliceMs: 2_000 }), results, key }
  }

  it('[I] tries an order that does not answer three times, then says that nobody knows', async () => {
    const orderNo = await api.place('20000.00')
    const other = await api.place('20000.00')
    const { command } = api.orders
    api.orders.command = async (key, request) => {
      if (key.orderNo === orderNo) throw new OrdersUnavailable('the order did not answer in time')
      return command.call(api.orders, key, request)
    }
    const { slice, results } = await begun([orderNo, other])
    try {
      assert.deepEqual(await slice(), { left: 1, goesOn: true })
      assert.deepEqual(await slice(), { left: 1, goesOn: true })
      assert.deepEqual(await slice(), { left: 0, goesOn: false })
    } finally {
      api.orders.command = command
    }
    const [failed, done] = await results()
    assert.deepEqual([failed!.outcome, failed!.code, done!.outcome], ['failed', 'unavailable', 'done'])
    assert.match(failed!.message ?? '', /did not answer in time, 3 times: it is not known whether this was done/)
  })

  it('[I] leaves nothing out while the store is away, and does nothing twice when it is back', async () => {
    const orderNo = await api.place('20000.00')
    let isAway = true
    const { slice, results } = await begun([orderNo], store => ({
      recordOfBulk: async (...asked) => {
        if (isAway) throw new StoreUnavailable('the test has taken it away')
        return store.recordOfBulk(...asked)
      },
    }))
    await assert.rejects(slice(), StoreUnavailable)
    isAway = false
    assert.deepEqual(await slice(), { left: 0, goesOn: false })
    const [{ outcome, seq } = { outcome: null, seq: 0 }] = await results()
    const state = await api.orders.state(api.key(orderNo))
    assert.deepEqual([outcome, seq], ['done', state?.seq])
    assert.equal(Object.keys(state?.holds ?? {}).length, 1, 'held once')
  })

  it('[I] tells an order that is accepted and lost from one that is not there', async () => {
    const orderNo = await api.place('20000.00')
    api.orders.terminate(api.key(orderNo))
    const { slice, results } = await begun([orderNo, 'SO-404'])
    await slice()
    const [lost, unknown] = await results()
    assert.deepEqual([lost!.outcome, lost!.code, unknown!.outcome], ['failed', 'lost', 'not_found'])
  })

  it('[I] asks nobody once the bulk is cancelled', async () => {
    const orderNo = await api.place('20000.00')
    const { slice, results, key } = await begun([orderNo])
    await api.store.cancelBulk(key, 'zhao', new Date().toISOString())
    assert.deepEqual(await slice(), { left: 1, goesOn: false })
    assert.equal((await results())[0]!.outcome, null)
  })
})
