import assert from 'node:assert/strict'
import type { NoticeRow } from '../../store/notices.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon } from './sample.ts'

onEachBackend('notices', ({ store }) => {
  it('[I] stores one for each person and channel, and shows a person theirs, newest first', async () => {
    const organisation = newOrganisation()
    const notice = (id: string, more: Partial<NoticeRow> = {}): NoticeRow => ({
      organisation,
      id,
      orderNo: 'A-1',
      person: 'mei',
      channel: 'inbox',
      subject: { en: 'Approve A-1', zh: '请审批 A-1' },
      at: noon,
      ...more,
    })
    const first = [notice('1'), notice('1', { channel: 'mail' }), notice('1', { person: 'ling' })]
    assert.equal(await store().insertNotices(first), 3)
    assert.equal(await store().insertNotices([...first, notice('2', { at: minutes(1) })]), 1)
    assert.equal(await store().insertNotices([]), 0)

    const mine = { organisation, person: 'mei', limit: 2 }
    const page = await store().listNotices(mine)
    assert.deepEqual(page.items, [notice('2', { at: minutes(1) }), notice('1')])
    const next = await store().listNotices({ ...mine, cursor: page.nextCursor! })
    assert.deepEqual(next, { items: [notice('1', { channel: 'mail' })], nextCursor: null })
  })
})
