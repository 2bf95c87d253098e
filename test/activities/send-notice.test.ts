import assert from 'node:assert/strict'
import { sendNotice } from '../../activities/send-notice.ts'
import { directorySchema } from '../../domain/directory.ts'
import type { NoticeRow } from '../../store/notices.ts'
import type { Store } from '../../store/open-store.ts'
import { people } from '../domain/definitions.ts'
import { inActivity, noticeTo, stored } from './samples.ts'

describe('the activity of a notice', () => {
  const send = async (input: ReturnType<typeof noticeTo>, directory = people) => {
    const inserted: NoticeRow[] = []
    const store = { insertNotices: async (rows: readonly NoticeRow[]) => inserted.push(...rows) } as unknown as Store
    const activity = sendNotice({ store, directory: () => directory }, stored)
    const { outcome } = await inActivity(activity, input)
    return { outcome, inserted }
  }
  const persons = async (input: ReturnType<typeof noticeTo>) => {
    const { outcome } = await send(input)
    return outcome.ok ? outcome.persons : outcome.reason
  }

  it('[U] tells everybody whom the target means today, once each', async () => {
    const { outcome, inserted } = await send(noticeTo('role:sales-supervisor'))
    assert.deepEqual(outcome, { ok: true, persons: ['mei'], channel: 'inbox' })
    assert.deepEqual(
      inserted.map(({ id, person, orderNo, channel }) => ({ id, person, orderNo, channel })),
      [{ id: 'A-1/n1', person: 'mei', orderNo: 'A-1', channel: 'inbox' }],
    )
  })

  it('[U] finds the manager of the owner, and goes up from there by levels, as far as there are any', async () => {
    assert.deepEqual(await persons(noticeTo('manager')), ['ling'])
    assert.deepEqual(await persons(noticeTo('manager', { level: 1 })), ['zhao'])
    assert.deepEqual(await persons(noticeTo('manager', { level: 5 })), ['zhao'])
  })

  it('[U] fails, saying why, where nobody is there or nobody can be reached', async () => {
    assert.equal(await persons(noticeTo('role:astronaut')), 'nobody is role:astronaut')
    const mute = directorySchema.parse({
      people: people.people.map(person => (person.id === 'mei' ? { ...person, channels: [] } : person)),
    })
    const { outcome, inserted } = await send(noticeTo('role:sales-supervisor'), mute)
    assert.deepEqual(outcome, { ok: false, reason: 'nobody who is meant has a channel: mei' })
    assert.deepEqual(inserted, [])
  })

  it('[U] is tried again where the inbox cannot be written', async () => {
    const store = { insertNotices: () => Promise.reject(new Error('away')) } as unknown as Store
    const activity = sendNotice({ store, directory: () => people }, stored)
    await assert.rejects(inActivity(activity, noticeTo('zhao')), /away/)
  })
})
