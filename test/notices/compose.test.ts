import assert from 'node:assert/strict'
import { compose, type NoticeSubject } from '../../notices/compose.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { Claimed } from '../../store/outbox.ts'
import { peopleWith, texts } from './telling.ts'

const people = [
  ...peopleWith({ id: 'mei' }, { id: 'ling' }),
  ...peopleWith({ id: 'fang', name: { en: 'Fang', zh: '小方' } }),
]

const view = {
  status: 'pending_approval',
  steps: [
    { id: 'approval', title: { en: 'Approval', zh: '审批' }, owner: 'fang', dueAt: '2026-03-02T09:30:00.000Z' },
    { id: 'payment', title: { en: 'Payment', zh: '付款' }, owner: 'role:finance', dueAt: null },
  ],
  reviews: [{ id: '1', step: 'payment', owner: 'role:order-desk', message: 'the card was refused', dueAt: null }],
  holds: [{ id: 'h1', title: { en: 'Credit hold', zh: '信用冻结' }, owner: 'role:finance', dueAt: null }],
  proposals: [
    {
      id: 'p5',
      by: 'fang',
      command: { type: 'skip', step: 'payment', reason: 'paid in cash' },
      lapsesAt: '2026-03-02T05:00:00.000Z',
    },
    { id: 'p6', by: 'fang', command: { type: 'void' }, lapsesAt: '2026-03-02T05:00:00.000Z' },
  ],
}
const order = { content: { customer: { id: 'c1', name: '张三' } }, view } as unknown as OrderRow
const surroundings = {
  texts,
  timeZone: 'Asia/Shanghai',
  directory: () => ({ people }),
  getOrder: async () => order,
}

function claimed(subject: Partial<NoticeSubject>, language: 'en' | 'zh' = 'en', id = 'A-1/n1'): Claimed {
  return {
    organisation: 'main',
    id,
    orderNo: 'A-1',
    person: 'mei',
    channel: 'hook',
    robot: 'hook',
    subject: { about: 'remind', subject: 'step:approval', process: { en: 'Sales order', zh: '销售订单' }, ...subject },
    at: '2026-03-02T01:00:00.000Z',
    delivery: {
      address: null,
      language,
      name: 'Mei',
      next: [],
      answerBy: '2026-03-02T01:00:48.000Z',
      processOwner: null,
    },
    message: 'm1',
    tries: 0,
    repeats: 0,
  }
}
const message = async (...given: Parameters<typeof claimed>) => compose([claimed(...given)], 60_000, surroundings)

describe('the message of a notice', () => {
  it("[U] says what is known of its order, in the person's language and the installation's time", async () => {
    const { subject, text } = await message({})
    assert.equal(subject, 'Reminder: A-1 still waits at Approval')
    assert.equal(
      text,
      'Mei, order A-1 (Sales order, customer 张三) has not moved on from Approval.\n' +
        'Owner: Fang. Next deadline: 2026-03-02 17:30 (Asia/Shanghai).\n',
    )
    const zh = await message({}, 'zh')
    assert.equal(zh.subject, '催办：A-1 仍停在“审批”')
    assert.match(zh.text, /负责人：小方。下一时限：2026-03-02 17:30/)
  })

  it('[U] of a review says why, of a hold which', async () => {
    const review = await message({ about: 'review', subject: 'review:1' })
    assert.match(review.text, /cannot go on by itself: the card was refused\nStep: Payment. Owner: order-desk/)
    assert.equal((await message({ about: 'hold', subject: 'hold:h1' }, 'zh')).subject, 'A-1 已挂起：信用冻结')
  })

  it('[U] of a proposal says who asks for what, why, and until when', async () => {
    const { subject, text } = await message({ about: 'proposal', subject: 'proposal:p5' })
    assert.equal(subject, 'A-1: skip Payment must be confirmed by another person')
    assert.equal(
      text,
      'Mei, Fang asks for this of order A-1 (Sales order, customer 张三): skip Payment.\n' +
        'Reason: paid in cash\n' +
        'Confirm or decline it; at 2026-03-02 13:00 (Asia/Shanghai) it lapses.\n',
    )
    const zh = await message({ about: 'proposal', subject: 'proposal:p6' }, 'zh')
    assert.equal(zh.subject, 'A-1：“void”需另一人确认')
    assert.match(zh.text, /小方 申请对订单 A-1（销售订单，客户 张三）执行“void”。\n理由：-\n/)
  })

  it('[U] says for whom a person stands in', async () => {
    const insteadOf = [{ insteadOf: 'fang', because: 'absent', until: '2026-03-05' }] as const
    assert.match((await message({ insteadOf })).text, /^Mei \(for Fang\), order/)
    assert.match((await message({ insteadOf }, 'zh')).text, /^Mei（代 小方），您好/)
  })

  it('[U] takes what whoever tells it knows better', async () => {
    const fields = { reason: 'a ghost parcel', owner: 'the night shift' }
    const { subject, text } = await message({ about: 'exception', subject: 'exception:x1', fields })
    assert.equal(subject, 'Exception (Sales order) A-1: a ghost parcel')
    assert.match(text, /Owner: the night shift. Told at 2026-03-02 09:00/)
  })

  it('[U] for several lists as many as there is room for, and says how many more there are', async () => {
    const many = Array.from({ length: 80 }, (_, index) => claimed({}, 'zh', `A-1/n${index}`))
    const digest = await compose(many, 2048, surroundings)
    assert.equal(digest.subject, '有 80 条通知等您处理')
    assert.equal(digest.notices.length, 80)
    const lines = digest.text.match(/^- 催办/gm)!.length
    assert.ok(lines > 10 && lines < 50)
    assert.match(digest.text, new RegExp(`另有 ${80 - lines} 条`))
    assert.ok(Buffer.byteLength(`${digest.subject}\n${digest.text}`) <= 2048)
    const roomy = await compose(many, 60_000, surroundings)
    assert.equal(roomy.text.match(/^- 催办/gm)!.length, 50)
    assert.match(roomy.text, /另有 30 条/)
  })

  it('[U] is cut between characters where its channel takes no more', async () => {
    const long = await compose(
      [claimed({ about: 'exception', fields: { reason: '错'.repeat(1000) } })],
      2048,
      surroundings,
    )
    assert.ok(Buffer.byteLength(long.text) <= 2048 - 300 + 3)
    assert.ok(long.text.endsWith('...') && !long.text.includes('\uFFFD'))
  })
})
