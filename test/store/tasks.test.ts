import assert from 'node:assert/strict'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, placeOrder, sampleTask } from './sample.ts'

onEachBackend('tasks', ({ store }) => {
  it('[I] lists those of any of the owners, nearest deadline first and those without one last, page by page', async () => {
    const organisation = newOrganisation()
    const mine = (subject: string, dueAt: string | null, owner = 'mei') => sampleTask({ subject, dueAt, owner })
    await placeOrder(store(), organisation, 'A', {
      tasks: [mine('step:1', null), mine('step:2', minutes(9)), mine('step:3', minutes(5), 'role:finance')],
    })
    await placeOrder(store(), organisation, 'B', {
      tasks: [mine('step:1', minutes(9)), mine('step:2', null), mine('step:3', minutes(1), 'ling')],
    })
    await placeOrder(store(), newOrganisation(), 'C', { tasks: [mine('step:1', minutes(1))] })

    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const filter = { organisation, owners: ['mei', 'role:finance'], limit: 1 }
      const page = await store().listTasks(cursor === undefined ? filter : { ...filter, cursor })
      seen.push(...page.items.map(task => `${task.orderNo} ${task.subject}`))
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    assert.deepEqual(seen, ['A step:3', 'A step:2', 'B step:1', 'A step:1', 'B step:2'])
    assert.deepEqual((await store().listTasks({ organisation, owners: [], limit: 9 })).items, [])
  })

  it('[I] lists with those of a role the ones that somebody has claimed from it', async () => {
    const organisation = newOrganisation()
    const claimed = sampleTask({ subject: 'step:2', owner: 'fang', pool: 'role:finance' })
    await placeOrder(store(), organisation, 'A', { tasks: [sampleTask({ subject: 'step:1' }), claimed] })
    const list = async (owner: string, pool?: string) => {
      const page = await store().listTasks({ organisation, owners: [owner], limit: 9, ...(pool && { pool }) })
      return page.items.map(task => `${task.subject} ${task.owner}`)
    }
    assert.deepEqual(await list('role:finance'), ['step:1 role:finance'])
    assert.deepEqual(await list('role:finance', 'role:finance'), ['step:1 role:finance', 'step:2 fang'])
    assert.deepEqual(await list('fang'), ['step:2 fang'])
  })
})
