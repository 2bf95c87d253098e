import assert from 'node:assert/strict'
import fc from 'fast-check'
import { auditOrder, type JournalledOrder } from '../../../domain/audit/audit-order.ts'
import { auditOrders } from '../../../domain/audit/audit-report.ts'
import type { Event } from '../../../domain/core/events/event.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { madeUpOrder } from '../../../domain/simulate/made-up-order.ts'
import { Random } from '../../../domain/simulate/random.ts'
import { randomWorld } from '../../../domain/simulate/random-world.ts'
import { SilenceMeter } from '../../../domain/simulate/silence.ts'
import { drive } from '../../../domain/simulate/virtual-driver.ts'
import { definitionFrom, processNamed } from '../definitions.ts'
import {
  deadline,
  deadlines,
  does,
  given,
  mondayMorning,
  type OrderCase,
  passes,
  placed,
  told,
} from '../specification.ts'

const hour = 3_600_000
const day = 24 * hour

const approval = `
process: approved
flow: none
silence: { task: 2d }
steps:
  - id: approval
    kind: task
    status: pending_approval
    owner: role:finance
    ladder: [{ after: 1d, remind: owner }, { after: 2d, fallback: cancel }]
`

function journalled({ definition, journal }: OrderCase, acceptedAt = mondayMorning): JournalledOrder {
  return { organisation: 'main', orderNo: 'SO-1', definition, acceptedAt, events: journal }
}

const later = (ms: number) => new Date(Date.parse(mondayMorning) + ms).toISOString()

describe('an audit of an order', () => {
  it('[U] finds nothing where people were told in time', () => {
    const order = given(approval, placed(), told(), deadline, told(), does('fang', 'approve', { step: 'approval' }))
    const { broken, longest, open } = auditOrder(journalled(order), later(9 * day))
    assert.deepEqual(broken, [])
    assert.equal(open, false)
    assert.deepEqual(
      longest.map(({ workingMs, from, until }) => [workingMs, from, until]),
      [[day, mondayMorning, later(day)]],
    )
  })

  it('[U] measures by the calendar that the order has gone over to', () => {
    const office = approval.replace('\nflow', '\ncalendar: cn-office\nflow')
    const calendar = definitionFrom(office).calendars['cn-office']!
    // A week of days off that nobody knew of when the order was placed.
    const monday = Date.parse(mondayMorning) / day
    const free = Array.from({ length: 7 }, (_, index) => [Math.floor(monday) + 1 + index])
    const special = [...calendar.special.filter(([at]) => at! < monday), ...free]
    const calendars = { 'cn-office': { ...calendar, special } }
    const order = given(office, placed(), told(), does('zhao', 'recompute_deadlines', { calendars }), deadline, told())
    order.when(deadline).thenAmongOthers('order.closed')
    assert.equal(order.at, '2026-03-10T10:00:00.000Z', 'the next day worked, as the office closes')
    assert.deepEqual(auditOrder(journalled(order), order.at).broken, [])
    const unchanged = { ...journalled(order), events: order.journal.filter(({ type }) => type !== 'calendar.changed') }
    assert.equal(auditOrder(unchanged, order.at).broken.length, 1)
  })

  it('[U] names the exact instants of a silence that somebody ended only after too long', () => {
    const order = given(approval, placed(), told(), passes('50h'), does('fang', 'approve', { step: 'approval' }))
    const { broken } = auditOrder(journalled(order), later(9 * day))
    assert.equal(broken.length, 1)
    const { from, until, workingMs, wallMs, kind, status, afterSeq, open, limitMs } = broken[0]!
    assert.deepEqual([from, until], [mondayMorning, later(50 * hour)])
    assert.deepEqual([workingMs, wallMs, limitMs], [50 * hour, 50 * hour, 2 * day])
    assert.deepEqual([kind, status, open], ['task', 'pending_approval', false])
    assert.equal(afterSeq, order.journal.find(event => event.type === 'notice.delivered')?.seq)
  })

  it('[U] does not take a notice that nobody got, or a rung that fired, for somebody being told', () => {
    const order = given(approval, placed(), told(), deadline, passes('25h'), told())
    assert.ok(order.journal.some(event => event.type === 'rung.fired'))
    const { broken } = auditOrder(journalled(order), order.at)
    assert.deepEqual(
      broken.map(({ from, until }) => [from, until]),
      [[mondayMorning, later(49 * hour)]],
    )
  })

  it('[U] counts an open order up to now, and one that was never started from when it was accepted', () => {
    const order = given(approval, placed(), told())
    assert.deepEqual(auditOrder(journalled(order), later(2 * day)).broken, [])
    const [open] = auditOrder(journalled(order), later(2 * day + 1)).broken
    assert.deepEqual([open?.open, open?.until], [true, later(2 * day + 1)])
    const [unstarted] = auditOrder({ ...journalled(order), events: [] }, later(3 * day)).broken
    assert.deepEqual([unstarted?.afterSeq, unstarted?.status, unstarted?.from], [0, 'received', mondayMorning])
  })

  it('[U] leaves out what had ended by `since`', () => {
    const order = given(approval, placed(), told(), passes('50h'), does('fang', 'approve', { step: 'approval' }))
    assert.equal(auditOrder(journalled(order), later(9 * day), later(50 * hour)).broken.length, 1)
    assert.equal(auditOrder(journalled(order), later(9 * day), later(50 * hour + 1)).broken.length, 0)
  })

  it('[U] gives the outside world its longer time, and nobody more than 21 days on the wall', () => {
    const delivery = definitionFrom(`
process: delivered
calendar: cn-office
flow: none
steps:
  - { id: signing, kind: wait, status: in_transit, fact: shipment.delivered, owner: role:finance, irreversible: true, ladder: [{ after: 90d, fallback: review }] }
`)
    const order = given(delivery, placed(), told())
    const silences = (ms: number) => auditOrder(journalled(order), later(ms)).broken
    assert.deepEqual(silences(9 * day), [])
    const [tenDays] = silences(20 * day)
    assert.equal(tenDays?.kind, 'wait')
    assert.ok(tenDays.workingMs > tenDays.limitMs && tenDays.wallMs < 21 * day)
    const patient: CompiledDefinition = {
      ...delivery,
      silence: { ...delivery.silence, wait: { days: 90, ms: 0, wall: false } },
    }
    const patiently = (ms: number) => auditOrder({ ...journalled(order), definition: patient }, later(ms)).broken.length
    assert.deepEqual([patiently(21 * day), patiently(21 * day + 1)], [0, 1])
  })

  it('[U] holds a silence to wall time where the definition does', () => {
    const wall = definitionFrom(approval.replace('task: 2d', 'task: 30h!'))
    const order = given(wall, placed(), told())
    assert.equal(auditOrder(journalled(order), later(30 * hour)).broken.length, 0)
    assert.equal(auditOrder(journalled(order), later(31 * hour)).broken.length, 1)
  })

  it('[U] sums many orders up, and names each that broke it', async () => {
    const kept = given(approval, placed(), ...[told(), deadlines(2), told()])
    const late = given(approval, placed({ orderNo: 'SO-2' }), told())
    async function* orders() {
      yield journalled(kept)
      yield { ...journalled(late), orderNo: 'SO-2' }
    }
    const report = await auditOrders(orders(), later(5 * day))
    assert.deepEqual([report.result, report.orders, report.open], ['broken', 2, 1])
    assert.deepEqual(
      report.broken.map(({ orderNo }) => orderNo),
      ['SO-2'],
    )
    assert.equal(report.longest.task?.orderNo, 'SO-2')
    assert.equal(report.events, kept.journal.length + late.journal.length)
  })
})

const silent = definitionFrom(`
process: silent
flow: none
steps:
  - { id: look, kind: task, status: pending_payment, owner: role:finance, ladder: [{ after: 2h, remind: owner }, { after: 8d, fallback: cancel }] }
  - { id: report, kind: wait, status: in_transit, fact: shipment.delivered, irreversible: true, owner: role:finance, after: [look], ladder: [{ after: 11d, remind: owner }, { after: 30d, fallback: review }] }
`)

describe('an audit of simulated orders', () => {
  it('[U] finds in their journals what was measured while they ran', () => {
    const definitions = [silent, ...['sales', 'cod', 'express', 'purchase', 'return'].map(processNamed)]
    let broken = 0
    fc.assert(
      fc.property(fc.constantFrom(...definitions), fc.integer({ min: 1, max: 1e6 }), (definition, seed) => {
        const random = new Random(seed)
        const meter = new SilenceMeter(definition)
        const journal: Event[] = []
        const startMs = Date.parse(mondayMorning)
        const untilMs = startMs + 60 * day
        const order = madeUpOrder(definition, random, seed)
        const state = drive(definition, order, randomWorld(definition, random), {
          startMs,
          untilMs,
          onTurn: turn => {
            meter.see(turn)
            journal.push(...turn.events)
          },
        })
        meter.leave(state, untilMs)
        const stored = JSON.parse(JSON.stringify(journal)) as Event[]
        const { orderNo, organisation } = order
        const entry = { organisation, orderNo, definition, acceptedAt: mondayMorning, events: stored }
        const audit = auditOrder(entry, new Date(untilMs).toISOString())
        const bare = ({ kind, from, until, workingMs, wallMs }: (typeof meter.broken)[number]) => [
          kind,
          from,
          until,
          workingMs,
          wallMs,
        ]
        assert.deepEqual(audit.broken.map(bare), meter.broken.map(bare))
        assert.deepEqual(audit.longest.map(bare).sort(), Object.values(meter.longest).map(bare).sort())
        broken += meter.broken.length
      }),
      { numRuns: 600 },
    )
    // Some thirty of them, by the seeds that are drawn.
    assert.ok(broken > 0)
  })
})
