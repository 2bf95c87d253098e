import assert from 'node:assert/strict'
import type { AuditFilter, JournalledRow } from '../../store/audit-source.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, placeOrder, sampleEvent, sampleOrder, sampleProjection } from './sample.ts'

onEachBackend('the journals of all orders', ({ store }) => {
  async function read(filter: AuditFilter): Promise<JournalledRow[]> {
    const rows: JournalledRow[] = []
    for await (const row of store().journals(filter)) rows.push(row)
    return rows
  }

  it('[I] come order by order, whole, beyond a page, with those that nothing has happened to', async () => {
    const organisation = newOrganisation()
    const numbers = Array.from({ length: 230 }, (_, index) => `A-${String(index).padStart(3, '0')}`)
    for (const orderNo of numbers.slice(0, -1)) await placeOrder(store(), organisation, orderNo)
    await store().insertOrder(sampleOrder(organisation, numbers.at(-1)!))
    const events = [sampleEvent(2), sampleEvent(3)]
    await store().append({ organisation, orderNo: 'A-100', events }, (_state, fresh) => sampleProjection(fresh))
    const rows = await read({ organisation })
    assert.deepEqual(
      rows.map(({ orderNo }) => orderNo),
      numbers,
    )
    assert.deepEqual(
      rows[100]!.events.map(({ seq, at }) => [seq, at]),
      [1, 2, 3].map(seq => [seq, minutes(seq)]),
    )
    assert.deepEqual(rows.at(-1)!.events, [])
    assert.deepEqual(rows[0]!.startInput, { order: 'A-000' })
  })

  it('[I] are those of an organisation, of a process, and not closed too long ago', async () => {
    const [organisation, other] = [newOrganisation(), newOrganisation()]
    await placeOrder(store(), organisation, 'old', { closedAt: minutes(5) })
    await placeOrder(store(), organisation, 'new', { closedAt: minutes(6) })
    await placeOrder(store(), organisation, 'open', {}, { processId: 'cod' })
    await placeOrder(store(), other, 'open')
    const numbers = async (filter: AuditFilter) => (await read(filter)).map(({ orderNo }) => orderNo)
    assert.deepEqual(await numbers({ organisation }), ['new', 'old', 'open'])
    assert.deepEqual(await numbers({ organisation, since: minutes(6) }), ['new', 'open'])
    assert.deepEqual(await numbers({ organisation, processId: 'cod' }), ['open'])
    const all = (await read({})).filter(row => row.organisation === organisation || row.organisation === other)
    assert.deepEqual(
      all.map(row => [row.organisation, row.orderNo]),
      [...['new', 'old', 'open'].map(no => [organisation, no]), [other, 'open']].sort(),
    )
  })
})
