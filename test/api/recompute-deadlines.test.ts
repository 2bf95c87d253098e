import assert from 'node:assert/strict'
import type { CompiledCalendar } from '../../domain/calendar/compile-calendar.ts'
import { loadCalendar } from '../domain/calendar/calendars.ts'
import { askByProgram } from './ask-by-program.ts'
import { type RunningApi, runApi } from './running-api.ts'

const day = (date: string) => Date.parse(date) / 86_400_000
/** What was known in 2026, and what is known since 2027 has been announced: its first Monday is free. */
const thisYear: CompiledCalendar = {
  ...loadCalendar('cn-office'),
  horizon: '2026-12-31',
  horizonAt: '2026-12-31T16:00:00.000Z',
}
const nextYear: CompiledCalendar = {
  ...thisYear,
  horizon: '2027-12-31',
  horizonAt: '2027-12-31T16:00:00.000Z',
  special: [...thisYear.special.filter(([at]) => at! < day('2027-01-01')), [day('2027-01-01')], [day('2027-01-04')]],
}

describe("going over to today's calendars", () => {
  const calendars: Record<string, CompiledCalendar> = {
    'cn-office': thisYear,
    'wall-clock': loadCalendar('wall-clock'),
  }
  let api: RunningApi
  let orderNo: string
  before(async () => {
    api = await runApi({ calendars })
  })
  beforeEach(async () => {
    calendars['cn-office'] = thisYear
    // Thursday, an hour before the office closes for the last time in 2026: one of two hours is left for 2027.
    api.setTime('2026-12-31T09:00:00.000Z')
    orderNo = await api.place('20000.00')
  })
  after(() => api.close())

  const send = (command: object, as = 'zhao', query = '') =>
    api.post(`/api/orders/${orderNo}/commands${query}`, command, { as })
  const approvalOf = async (number = orderNo) =>
    (await api.get(`/api/orders/${number}`)).body.steps.find(({ id }: { id: string }) => id === 'approval')
  const listed = async (query: string) =>
    (await api.get(`/api/orders?${query}`, { as: 'qin' })).body.items.map((item: { orderNo: string }) => item.orderNo)

  it('[I] shows a provisional deadline in the order, the list and the inbox, until it is counted anew', async () => {
    const approval = await approvalOf()
    assert.deepEqual([approval.dueAt, approval.nextRung.provisional], ['2027-01-01T02:00:00.000Z', true])
    assert.ok((await listed('provisional=true&process=sales')).includes(orderNo))
    const inbox = async () =>
      (await api.get('/api/tasks?limit=200', { as: 'mei' })).body.items.find(
        (task: { orderNo: string }) => task.orderNo === orderNo,
      )
    assert.equal((await inbox()).provisional, true)

    assert.equal((await send({ type: 'recompute_deadlines' })).body.code, 'not_applicable', 'nothing is known yet')
    calendars['cn-office'] = nextYear
    const tried = await send({ type: 'recompute_deadlines' }, 'zhao', '?dryRun=true')
    assert.equal(tried.body.events[0].data.clocks[0].clock.dueAt, '2027-01-05T02:00:00.000Z')
    assert.equal((await approvalOf()).dueAt, '2027-01-01T02:00:00.000Z', 'a dry run changes nothing')

    const done = await send({ type: 'recompute_deadlines', reason: '2027 has been announced' })
    assert.equal(done.status, 200)
    const { dueAt, nextRung } = await approvalOf()
    assert.deepEqual([dueAt, nextRung], ['2027-01-05T02:00:00.000Z', { action: 'remind', target: 'owner' }])
    assert.ok(!(await listed('provisional=true')).includes(orderNo))
    assert.deepEqual([(await inbox()).dueAt, (await inbox()).provisional], [dueAt, false])
    const { items } = (await api.get(`/api/orders/${orderNo}/journal`, { as: 'qin' })).body
    const { type, actor, reason, data } = items.at(-1)
    assert.deepEqual([type, actor, reason], ['calendar.changed', 'zhao', '2027 has been announced'])
    assert.deepEqual(
      [data.calendar, data.horizonBefore, data.snapshot.horizon],
      ['cn-office', '2026-12-31', '2027-12-31'],
    )
    // The state, and with it the calendar, has been through the store.
    assert.equal((await send({ type: 'recompute_deadlines' })).body.code, 'not_applicable')
  })

  it('[I] is a matter of process owners and admins, who do not say what the calendar is', async () => {
    calendars['cn-office'] = nextYear
    assert.equal((await send({ type: 'recompute_deadlines' }, 'ling')).body.code, 'not_permitted')
    const forged = { type: 'recompute_deadlines', calendars: { 'cn-office': thisYear } }
    assert.deepEqual((await send(forged)).body.errors[0].field, 'calendars')
    assert.equal((await send({ type: 'recompute_deadlines' }, 'admin')).status, 200)
  })

  it('[I] is refused, and says so, where a calendar of the order is gone', async () => {
    delete calendars['cn-office']
    const { status, body } = await send({ type: 'recompute_deadlines' })
    assert.equal(status, 409)
    assert.match(body.detail, /"cn-office".* is not loaded any more/)
  })

  describe('by nolimbo recompute-deadlines', () => {
    const recompute = (...args: string[]) => askByProgram(api.url, 'recompute-deadlines', ...args)
    const changed = (number: string) => `${number}  step:approval 2027-01-01T02:00:00.000Z -> 2027-01-05T02:00:00.000Z`
    const total = (lines: readonly string[]) => lines.at(-1)

    it('[I] says what would change, changes it, and finds nothing the next time', async () => {
      const certain = await api.place()
      calendars['cn-office'] = nextYear
      const tried = await recompute('--dry-run')
      assert.equal(tried.code, 0, tried.problem)
      assert.ok(tried.lines.includes(changed(orderNo)), tried.lines.join('\n'))
      assert.match(total(tried.lines)!, /^[1-9]\d* would be recomputed, 0 with nothing to change, 0 failed$/)
      assert.equal((await approvalOf()).dueAt, '2027-01-01T02:00:00.000Z')

      const done = await recompute('--process', 'sales')
      assert.equal(done.code, 0)
      assert.ok(done.lines.includes(changed(orderNo)))
      assert.equal((await approvalOf()).dueAt, '2027-01-05T02:00:00.000Z')
      assert.ok(!done.lines.some(line => line.startsWith(`${certain} `)), 'it has no provisional deadline')

      assert.deepEqual((await recompute()).lines, ['0 recomputed, 0 with nothing to change, 0 failed'])
      const all = await recompute('--all')
      assert.ok(all.lines.includes(`${certain}  cn-office: no deadline under way changes`))
      assert.ok(all.lines.includes(`${orderNo}  nothing to change`))
    })

    it('[I] touches orders of the process that it is given only, and tells of each that fails', async () => {
      calendars['cn-office'] = nextYear
      assert.match(total((await recompute('--process', 'purchase', '--all')).lines)!, /^0 recomputed/)
      api.orders.isAway = true
      const { code, lines } = await recompute().finally(() => {
        api.orders.isAway = false
      })
      assert.equal(code, 1)
      assert.match(lines.find(line => line.startsWith(`${orderNo} `))!, /failed: unavailable/)
      assert.match(total(lines)!, /^0 recomputed, 0 with nothing to change, [1-9]\d* failed$/)
    })

    it('[I] explains itself', async () => {
      const { code, problem } = await recompute('--alll')
      assert.equal(code, 2)
      assert.match(problem, /^usage: nolimbo recompute-deadlines/)
    })
  })
})
