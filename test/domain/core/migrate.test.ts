import assert from 'node:assert/strict'
import { sameCalendar } from '../../../domain/calendar/same-calendar.ts'
import type { CompiledDefinition, Step } from '../../../domain/definition/compiled-definition.ts'
import { definitionFlaw } from '../../../domain/definition/definition-flaw.ts'
import { definitionFrom, processNamed } from '../definitions.ts'
import {
  does,
  fails,
  given,
  type Happening,
  passes,
  placed,
  reports,
  succeeds,
  told,
  undoSucceeds,
} from '../specification.ts'

const ladder = '[{ after: 1d, remind: owner }, { after: 3d, fallback: review }]'
const steps = {
  look: `{ id: look, kind: task, status: pending_approval, owner: role:order-desk, ladder: ${ladder} }`,
  pay: '{ id: pay, kind: call, status: pending_payment, after: [look], do: payment.authorise, undo: payment.void, owner: role:finance }',
  pack: `{ id: pack, kind: task, status: pending_shipment, after: [pay], owner: role:warehouse, ladder: ${ladder} }`,
}

function version(number: number, parts: readonly string[], more = ''): CompiledDefinition {
  return definitionFrom(`version: ${number}\n${more}\nsteps:\n${parts.map(part => `  - ${part}`).join('\n')}\n`)
}

const first = version(1, Object.values(steps))
const moves = (definition: CompiledDefinition, who = 'zhao'): Happening =>
  does(who, 'migrate', { version: definition.version, definition })
const paid: Happening[] = [placed(), does('he', 'approve'), succeeds('pay')]

describe('migrating to another version', () => {
  it('[U] says what changes: steps, owners, rules and ladders', () => {
    const check = `{ id: check, kind: task, status: pending_shipment, after: [pay], owner: role:finance, ladder: ${ladder} }`
    const pack = steps.pack.replace('role:warehouse', 'role:logistics').replace('after: [pay]', 'after: [check]')
    const look = steps.look.replace('after: 1d', 'after: 2d')
    const next = version(2, [look, steps.pay, check, pack], 'owner: ling')
    const order = given(first, placed(), told(), passes('20h'))
      .when(moves(next))
      .thenExactly([
        'process.changed',
        {
          from: 1,
          to: 2,
          added: [{ id: 'check', owner: 'role:finance' }],
          removed: [],
          changed: [
            { step: 'look', what: ['ladder'] },
            { step: 'pack', what: ['after', 'owner'] },
          ],
          rules: ['owner'],
          owners: [{ step: 'pack', from: 'role:warehouse', to: 'role:logistics' }],
          // Begun anew: two days from now, not from when it was entered.
          clocks: [
            {
              subject: 'step:look',
              dueBefore: '2026-03-03T01:00:00.000Z',
              clock: { dueAt: '2026-03-04T21:00:00.000Z' },
            },
          ],
        },
      ])
    assert.deepEqual(order.state.process, { id: 'example', version: 2 })
    order.when(does('he', 'approve'), succeeds('pay')).thenAmongOthers(['step.entered', { step: 'check' }])
    assert.equal(order.state.steps.pack?.state, 'waiting')
  })

  it('[U] leaves a ladder that is the same where it stands', () => {
    const next = version(2, [steps.look, steps.pay])
    const order = given(first, placed(), told(), passes('20h'))
    const before = order.state.clocks
    order.when(moves(next)).thenExactly(['process.changed', { removed: ['pack'], clocks: [] }])
    assert.deepEqual(order.state.clocks, before)
    order.when(does('he', 'approve'), succeeds('pay')).thenStatus('completed')
  })

  it('[U] tells the new owner of what is under way, unless somebody has taken it over', () => {
    const next = version(2, [
      ...Object.values(steps).slice(0, 2),
      steps.pack.replace('role:warehouse', 'role:logistics'),
    ])
    given(first, ...paid)
      .when(moves(next))
      .thenExactly('process.changed', ['notice.requested', { subject: 'step:pack', target: 'role:logistics' }])
    given(first, ...paid, does('wu', 'claim'))
      .when(moves(next))
      .thenExactly(['process.changed', { owners: [] }])
  })

  it('[U] enters what has become ready, and undoes by the new version', () => {
    const extra =
      '{ id: extra, kind: call, status: pending_payment, after: [look], do: erp.post, undo: erp.reverse, owner: role:finance }'
    given(first, ...paid)
      .when(moves(version(2, [...Object.values(steps), extra])))
      .thenExactly('process.changed', ['step.entered', { step: 'extra' }], ['call.started', { operation: 'erp.post' }])
      .when(succeeds('extra'), does('he', 'cancel'))
      .thenAmongOthers(['call.started', { operation: 'erp.reverse' }])
      .when(undoSucceeds('extra'), undoSucceeds('pay'))
      .thenStatus('cancelled')
  })

  it('[U] goes by the calendars of the version, and of no other any more', () => {
    const office = version(2, Object.values(steps), 'calendar: cn-office')
    const order = given(first, placed(), told())
    const { 'wall-clock': clock } = first.calendars
    order.when(does('zhao', 'recompute_deadlines', { calendars: { 'wall-clock': { ...clock!, dayMs: 3_600_000 } } }))
    order.when(moves(office)).thenAmongOthers(['process.changed', { rules: ['calendar'] }])
    assert.equal(order.state.calendars, undefined)
    assert.ok(sameCalendar(order.state.definition!.calendars['cn-office']!, office.calendars['cn-office']!))
  })

  describe('is refused', () => {
    const refused = (next: CompiledDefinition, message: RegExp, ...happened: readonly Happening[]) => {
      const order = given(first, ...(happened.length > 0 ? happened : paid)).when(moves(next))
      order.thenRefused('not_applicable', 'version')
      assert.match(order.refused?.message ?? '', message)
    }
    const withPay = (change: Partial<Step>): CompiledDefinition => ({
      ...first,
      version: 2,
      steps: first.steps.map(step => (step.id === 'pay' ? ({ ...step, ...change } as Step) : step)),
    })

    it('[U] where what has been begun is not there, or is something else', () => {
      refused({ ...first, version: 2, steps: first.steps.filter(({ id }) => id !== 'pay') }, /"pay".*does not have it/)
      refused(withPay({ kind: 'wait', fact: 'payment.received' }), /"pay".*is a wait there/)
      refused(withPay({ do: 'payment.capture' }), /"pay".*is payment.capture there/)
      refused(withPay({ undo: 'payment.refund' }), /"pay".*undone by payment.refund there/)
      refused(withPay({ irreversible: true }), /"pay".*irreversible there/)
      refused({ ...first, version: 2, flow: 'inbound' }, /flow otherwise/)
    })

    it('[U] where nothing would change, while it is being undone, and once it is closed', () => {
      refused({ ...first, version: 2 }, /nothing of the order would change/)
      refused(first, /nothing of the order would change/)
      const undoing = given(first, ...paid, does('he', 'cancel'))
      undoing.when(moves({ ...first, version: 2, owner: 'ling' })).thenRefused('not_applicable')
      undoing.when(undoSucceeds('pay')).thenStatus('cancelled')
      undoing.when(moves({ ...first, version: 2, owner: 'ling' })).thenRefused('closed')
    })

    it('[U] of another process, and by whoever does not own processes', () => {
      const order = given(first, ...paid)
      order.when(moves({ ...first, id: 'other', version: 2 })).thenRefused('invalid', 'version')
      order.when(moves({ ...first, version: 2, owner: 'ling' }, 'he')).thenRefused('not_permitted')
    })

    it('[U] while a fact waits for a step that the version does not have', () => {
      const sales = processNamed('sales')
      const order = given(sales, placed(), fails('payment'), reports('shipment.delivered'))
      const steps = sales.steps.filter(({ id }) => id !== 'signing')
      order.when(moves({ ...sales, version: 2, steps })).thenRefused('not_applicable', 'version')
    })
  })

  it('[U] takes only what can be decided by', () => {
    const flaws: readonly [unknown, RegExp][] = [
      [null, /no object/],
      [{ ...first, steps: [] }, /steps/],
      [{ ...first, steps: [first.steps[0], first.steps[0]] }, /step 2/],
      [{ ...first, steps: first.steps.map(step => ({ ...step, after: ['pack'] })) }, /wait for each other/],
      [{ ...first, steps: first.steps.map(step => ({ ...step, ladder: [{ after: '1d' }] })) }, /step 1/],
      [{ ...first, calendars: {} }, /calendar/],
      [{ ...first, review: { owner: 'he' } }, /review/],
      [
        {
          ...first,
          title: { en: 'x'.repeat(150), zh: 'x' },
          on: Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`fact.${i}`, 'record'])),
        },
        /characters/,
      ],
    ]
    for (const [value, flaw] of flaws) assert.match(definitionFlaw(value) ?? '', flaw)
    for (const id of ['sales', 'express', 'cod', 'purchase', 'return'])
      assert.equal(definitionFlaw(processNamed(id)), undefined)
  })
})
