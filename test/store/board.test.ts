import assert from 'node:assert/strict'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, placeOrder } from './sample.ts'

onEachBackend('the board', ({ store }) => {
  it('[I] counts the orders of one organisation by status, step and owner, with the oldest that is open', async () => {
    const organisation = newOrganisation()
    const place = (orderNo: string, projection: Parameters<typeof placeOrder>[3], createdAt: string) =>
      placeOrder(store(), organisation, orderNo, projection, { createdAt })
    const fulfilment = { status: 'pending_payment', steps: ['payment', 'stock'], owners: ['role:finance', 'wu'] }
    await place('1', { dueAt: minutes(-5) }, minutes(-30))
    await place('2', { dueAt: minutes(5) }, minutes(-40))
    await place('3', { ...fulfilment, dueAt: minutes(-1) }, minutes(-20))
    const closed = { status: 'completed', steps: [], owners: [], closedAt: noon, dueAt: minutes(-9) }
    await place('4', closed, minutes(-50))
    await placeOrder(store(), newOrganisation(), '5', { dueAt: minutes(-5) })

    const second = { orderNo: '2', createdAt: minutes(-40) }
    const third = { orderNo: '3', createdAt: minutes(-20) }
    const evidence = { expected: 'a', seen: 'b', since: noon }
    for (const id of ['g1', 'g2', 'g3']) {
      const raised = { organisation, id, orderNo: null, kind: 'ghost', severity: 'error', step: null } as const
      await store().raiseException({ ...raised, owner: 'wu', evidence, openedAt: id === 'g2' ? minutes(-7) : noon })
    }
    const said = { by: 'wu', at: noon, note: null }
    await store().acknowledgeException(organisation, 'g1', said)
    await store().resolveException(organisation, 'g3', { ...said, outcome: 'fixed' })
    assert.deepEqual(await store().board(organisation, noon), {
      open: 3,
      overdue: 2,
      byStatus: [
        { status: 'completed', count: 1, overdue: 0, oldest: null },
        { status: 'pending_approval', count: 2, overdue: 1, oldest: second },
        { status: 'pending_payment', count: 1, overdue: 1, oldest: third },
      ],
      byStep: [
        { step: 'approval', count: 2, overdue: 1, oldest: second },
        { step: 'payment', count: 1, overdue: 1, oldest: third },
        { step: 'stock', count: 1, overdue: 1, oldest: third },
      ],
      byOwner: [
        { owner: 'role:finance', count: 3, overdue: 2, oldest: second },
        { owner: 'wu', count: 1, overdue: 1, oldest: third },
      ],
      exceptions: [{ kind: 'ghost', open: 1, acknowledged: 1, oldestAt: minutes(-7) }],
    })
  })

  it('[I] is empty where there is no order', async () => {
    const empty = { open: 0, overdue: 0, byStatus: [], byStep: [], byOwner: [], exceptions: [] }
    assert.deepEqual(await store().board(newOrganisation(), noon), empty)
  })
})
