import assert from 'node:assert/strict'
import type { CalendarDefinition } from '../../../domain/calendar/calendar-definition.ts'
import { type CompiledCalendar, compileCalendar } from '../../../domain/calendar/compile-calendar.ts'
import { compileDefinition } from '../../../domain/definition/compile-definition.ts'
import { definitionSchema } from '../../../domain/definition/definition-schema.ts'
import { definitionOf as calendarOf } from '../calendar/calendars.ts'
import { deadline, does, given, type Happening, passes, placed, told } from '../specification.ts'

const hours = ['09:00-17:00']
const weekly = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours }
const written = (id: string, parts: Partial<CalendarDefinition> = {}) =>
  compileCalendar(calendarOf({ id, weekly, horizon: '2026-12-31', ...parts }))
const office = written('office')
/** The first two days of 2027 that an office works are free, as it turns out. */
const holidays = [{ date: '2027-01-01' }, { date: '2027-01-04' }]
const nextYear = written('office', { horizon: '2027-12-31', holidays })
const depot = written('depot')

const definition = compileDefinition(
  definitionSchema.parse({
    process: 'example',
    version: 1,
    title: { en: 'Example', zh: '例子' },
    owner: 'zhao',
    calendar: 'office',
    flow: 'none',
    review: { owner: 'role:order-desk', ladder: [{ after: '4h', escalate: 'role:ops-manager', every: '1d' }] },
    on: { 'customer.cancelled': 'cancel' },
    holds: {
      credit: { owner: 'role:finance', blocks: { steps: ['look'] }, ladder: [{ after: '2d', fallback: 'release' }] },
      all: {
        owner: 'role:finance',
        blocks: { steps: 'all', commands: 'all' },
        ladder: [{ after: '2d', fallback: 'release' }],
      },
    },
    steps: [
      {
        id: 'look',
        onReject: 'review',
        kind: 'task',
        status: 'pending_approval',
        owner: 'role:finance',
        after: [],
        ladder: ladder('1d', '3d'),
      },
      {
        id: 'pack',
        kind: 'task',
        status: 'pending_stock',
        owner: 'role:warehouse',
        after: [],
        calendar: 'depot',
        ladder: ladder('1d', '3d'),
      },
      {
        id: 'soon',
        kind: 'task',
        status: 'pending_payment',
        owner: 'role:finance',
        after: [],
        ladder: ladder('1d!', '3d!'),
      },
      {
        id: 'next',
        kind: 'task',
        status: 'pending_shipment',
        owner: 'role:finance',
        after: ['look'],
        ladder: ladder('1d', '3d'),
      },
    ],
  }),
  { office, depot },
)

function ladder(remind: string, fallback: string) {
  return [
    { after: remind, remind: 'owner' },
    { after: fallback, fallback: 'review' },
  ]
}

/** Thursday, the last of the year, at noon: of a day of eight hours five are worked, and three are left for 2027. */
const lastOfYear: Happening = order => {
  order.at = '2026-12-31T12:00:00.000Z'
}
const order = (...more: readonly Happening[]) => given(definition, lastOfYear, placed(), told(), ...more)
const recomputes = (calendars: Record<string, CompiledCalendar>, who = 'zhao') =>
  does(who, 'recompute_deadlines', { calendars, id: 'r1' })
const today = { office: nextYear, depot }

describe('recomputing deadlines', () => {
  it('[U] counts anew what the new calendar changes, and says what was and what is', () => {
    const case1 = order()
    assert.deepEqual(
      [case1.state.clocks['step:look']?.dueAt, case1.state.clocks['step:look']?.provisional],
      ['2027-01-01T12:00:00.000Z', true],
    )
    case1.when(recomputes(today)).thenExactly([
      'calendar.changed',
      {
        calendar: 'office',
        horizonBefore: '2026-12-31',
        snapshot: { horizon: '2027-12-31' },
        clocks: [
          {
            subject: 'step:look',
            dueBefore: '2027-01-01T12:00:00.000Z',
            clock: { rung: 0, dueAt: '2027-01-05T12:00:00.000Z', provisional: undefined },
          },
        ],
      },
    ])
    const [event] = case1.journal.slice(-1)
    assert.equal(event?.actor, 'zhao')
    assert.equal(event?.command, 'r1')
    // Another calendar, and the wall clock, are not touched.
    assert.equal(case1.state.clocks['step:pack']?.dueAt, '2027-01-01T12:00:00.000Z')
    assert.equal(case1.state.clocks['step:pack']?.provisional, true)
    assert.equal(case1.state.clocks['step:soon']?.dueAt, '2027-01-01T12:00:00.000Z')
  })

  it('[U] makes the clock act by the new calendar, and no sooner', () => {
    const waits = order(recomputes({ office: nextYear, depot: { ...depot, special: nextYear.special } }))
    waits.when(passes('1d'), order => order.take({ type: 'clock', at: order.at }))
    waits.thenExactly(['rung.fired', { subject: 'step:soon' }], 'notice.requested')
    waits.when(told(), does('fang', 'approve', { step: 'soon' }), deadline)
    assert.equal(waits.at, '2027-01-05T12:00:00.000Z')
    waits.thenAmongOthers(['rung.fired', { subject: 'step:look', rung: 0 }])
  })

  it('[U] lets ladders that begin later go by it as well', () => {
    order(recomputes(today))
      .when(does('fang', 'approve', { step: 'look' }))
      .thenAmongOthers(['step.entered', { step: 'next', clock: { dueAt: '2027-01-05T12:00:00.000Z' } }])
      .when(does('fang', 'hold', { hold: 'credit' }))
      .thenAmongOthers(['hold.placed', { clock: { dueAt: '2027-01-06T12:00:00.000Z' } }])
  })

  it('[U] leaves a clock that stands still, which goes on by the new calendar with what was left', () => {
    const held = order(passes('2h'), does('fang', 'hold', { hold: 'credit' }))
    held
      .when(recomputes(today))
      .thenExactly([
        'calendar.changed',
        { clocks: [{ subject: 'hold:1', clock: { dueAt: '2027-01-06T14:00:00.000Z' } }] },
      ])
    assert.equal(held.state.clocks['step:look']?.paused, true)
    held
      .when(told(), passes('1h'), does('fang', 'release'))
      .thenAmongOthers(['clock.resumed', { subject: 'step:look', clock: { dueAt: '2027-01-05T13:00:00.000Z' } }])
  })

  it('[U] is done whatever a hold blocks, and for reviews too', () => {
    order(does('fang', 'hold', { hold: 'all' }))
      .when(recomputes(today))
      .thenExactly('calendar.changed')
    order(passes('2h'), does('fang', 'reject', { step: 'look' }))
      .when(recomputes(today))
      .thenExactly([
        'calendar.changed',
        {
          clocks: [
            {
              subject: 'review:1',
              dueBefore: '2027-01-01T10:00:00.000Z',
              clock: { dueAt: '2027-01-05T10:00:00.000Z' },
            },
          ],
        },
      ])
  })

  it('[U] is refused where nothing would change, where it is not theirs to do, and once it is closed', () => {
    order().when(recomputes({ office, depot })).thenRefused('not_applicable')
    order()
      .when(recomputes({ office: { ...office, title: { en: 'New', zh: '新' } }, depot }))
      .thenRefused('not_applicable')
    order(recomputes(today))
      .when(does('zhao', 'recompute_deadlines', { calendars: today }))
      .thenRefused('not_applicable')
    order().when(recomputes(today, 'ling')).thenRefused('not_permitted')
    order().when(recomputes(today, 'admin')).thenExactly('calendar.changed')
    order()
      .when(recomputes({ office: nextYear, elsewhere: depot }))
      .thenRefused('invalid', 'calendars')
    order(does('zhao', 'cancel')).when(recomputes(today)).thenRefused('closed')
  })

  it('[U] is known again when it comes twice under one id', () => {
    order(recomputes(today)).when(recomputes(today)).thenExactly()
  })

  it('[U] can be taken back: with the calendar that was, every clock is what it was', () => {
    const before = order(passes('1d'), deadline, told(), does('fang', 'hold', { hold: 'credit' }))
    const clocks = before.state.clocks
    before.when(recomputes(today), does('zhao', 'recompute_deadlines', { calendars: { office, depot } }))
    before.thenExactly('calendar.changed', 'calendar.changed')
    assert.deepEqual(before.state.clocks, clocks)
  })

  it('[U] tells calendars from the store, whose keys have another order, from new ones', () => {
    const turned = Object.fromEntries(Object.entries(nextYear).reverse()) as unknown as CompiledCalendar
    order(recomputes(today))
      .when(does('zhao', 'recompute_deadlines', { calendars: { office: turned, depot } }))
      .thenRefused('not_applicable')
  })
})
