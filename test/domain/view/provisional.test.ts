import assert from 'node:assert/strict'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { orderView } from '../../../domain/view/order-view.ts'
import { taskRows } from '../../../domain/view/task-rows.ts'
import { why } from '../../../domain/view/why.ts'
import { matrix, processNamed } from '../definitions.ts'
import { does, given, type Happening, placed, told } from '../specification.ts'

/** The sales process with its calendar as it was when nothing after 2026 was known. */
const sales: CompiledDefinition = (() => {
  const process = processNamed('sales')
  const known = { horizon: '2026-12-31', horizonAt: '2026-12-31T16:00:00.000Z' }
  return { ...process, calendars: { 'cn-office': { ...process.calendars['cn-office']!, ...known } } }
})()
const at =
  (time: string): Happening =>
  order => {
    order.at = new Date(`${time}:00+08:00`).toISOString()
  }
const order = (time: string, ...more: readonly Happening[]) =>
  given(sales, at(time), placed({ total: 20_000 }), told(), ...more)

describe('a deadline past the horizon', () => {
  const last = order('2026-12-31T17:00')
  const { state } = last
  const view = orderView(sales, state)

  it('[U] is provisional where the order shows it', () => {
    const approval = view.steps.find(({ id }) => id === 'approval')!
    assert.equal(approval.dueAt, '2027-01-01T02:00:00.000Z')
    assert.deepEqual(approval.nextRung, { action: 'remind', target: 'owner', provisional: true })
    const held = order('2026-12-31T17:00', does('he', 'hold', { hold: 'customer' }))
    assert.equal(orderView(sales, held.state).holds[0]?.nextRung?.provisional, true)
  })

  it('[U] is provisional in the inbox', () => {
    assert.deepEqual(
      taskRows(sales, view, state).map(({ subject, dueAt, provisional }) => [subject, dueAt, provisional]),
      [['step:approval', '2027-01-01T02:00:00.000Z', true]],
    )
  })

  it('[U] is provisional in the words of why, in both languages', () => {
    const { text, textZh, next, waitingFor } = why(sales, state, { matrix, at: last.at, people: [] })
    assert.match(text, /at 2027-01-01 02:00 UTC \(.*provisional: holidays not announced yet\)\.$/)
    assert.match(textZh, /暂定：届时节假日安排尚未公布）/)
    assert.equal(next?.provisional, true)
    assert.equal(waitingFor[0]?.nextRung?.provisional, true)
  })

  it('[U] is so by a minute only: what ends within the horizon is certain', () => {
    const within = order('2026-12-31T16:00')
    const shown = orderView(sales, within.state)
    assert.deepEqual(shown.steps[0]?.nextRung, { action: 'remind', target: 'owner' })
    assert.equal(taskRows(sales, shown, within.state)[0]?.provisional, false)
    const reason = why(sales, within.state, { matrix, at: within.at, people: [] })
    assert.doesNotMatch(`${reason.text}${reason.textZh}`, /provisional|暂定/)
  })
})
