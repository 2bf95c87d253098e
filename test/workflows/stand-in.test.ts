import assert from 'node:assert/strict'
import { personNamed } from '../../domain/directory.ts'
import { callerOf } from '../../domain/permission/caller.ts'
import { inPlaceOf } from '../../domain/presence.ts'
import { keepDirectory } from '../../store/kept-directory.ts'
import { commandUpdate } from '../../workflows/messages.ts'
import { matrix, people } from '../domain/definitions.ts'
import { worldOfSuite } from './harness.ts'
import { approvalWith, dear } from './processes.ts'

const patient = [
  { after: '1d', remind: 'owner' },
  { after: '3d', fallback: 'review' },
]

describe('an owner who is away', () => {
  const world = worldOfSuite()

  it('[I] has a deputy who is told in their place, and may approve; notice and journal say so', async () => {
    const { store } = world()
    await store.storePeople(people.people, new Date().toISOString())
    const kept = keepDirectory(store, people)
    world().directory = kept.today
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const absences = [{ from: day(-1), until: day(2), deputy: 'sun' }]
    try {
      await store.setAbsences({ organisation: 'main', id: 'mei' }, absences, 'mei', new Date().toISOString())
      const order = await world().place(approvalWith(patient), { order: dear })
      const { data } = await order.until('notice.delivered')
      assert.deepEqual(data.persons, ['sun'])
      assert.deepEqual(data.standIns, [{ person: 'sun', insteadOf: 'mei', because: 'absent', until: day(2) }])
      const { items } = await store.listNotices({ organisation: 'main', person: 'sun', limit: 200 })
      const notice = items.find(({ orderNo }) => orderNo === order.orderNo)
      assert.deepEqual((notice!.subject as { insteadOf: unknown }).insteadOf, [
        { insteadOf: 'mei', because: 'absent', until: day(2) },
      ])

      const directory = await kept.today()
      const sun = personNamed(directory, 'main', 'sun')!
      const identity = { actor: 'sun', roles: sun.roles, organisation: 'main' }
      const approve = (standing: object) => {
        const caller = callerOf(matrix, { ...identity, ...standing }, 'approve')
        return order.handle.executeUpdate(commandUpdate, { args: [{ command: { type: 'approve' }, caller }] })
      }
      const refused = await approve({})
      assert.equal(!refused.ok && refused.code, 'not_permitted')
      assert.ok((await approve(inPlaceOf(directory, sun, new Date().toISOString()))).ok)
      const acted = await order.until('deputy.acted')
      assert.deepEqual([acted.actor, acted.data], ['sun', { insteadOf: 'mei', because: 'absent' }])
      assert.equal((await order.until('step.completed')).actor, 'sun')
    } finally {
      await store.setAbsences({ organisation: 'main', id: 'mei' }, [], 'mei', new Date().toISOString())
      world().directory = () => people
    }
  })
})
