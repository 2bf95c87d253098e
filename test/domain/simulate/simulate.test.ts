import assert from 'node:assert/strict'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { simulate } from '../../../domain/simulate/simulate.ts'
import { definitionFrom, processNamed } from '../definitions.ts'
import { mondayMorning } from '../specification.ts'

const run = (definition: CompiledDefinition, orders: number, seed = 7) =>
  simulate(definition, { orders, seed, startAt: mondayMorning, days: 60 })

describe('a simulation', () => {
  for (const process of ['sales', 'cod', 'express', 'purchase', 'return']) {
    it(`[U] of 2,000 orders of ${process} keeps the silence bound and every invariant`, () => {
      const report = run(processNamed(process), 2000)
      assert.deepEqual(report.broken, [])
      assert.deepEqual(report.invalid, [])
      assert.ok((report.ends.completed ?? 0) > 200, JSON.stringify(report.ends))
      assert.ok((report.ends.cancelled ?? 0) > 20, JSON.stringify(report.ends))
    })
  }

  it('[U] is the same for the same seed, and another for another', () => {
    const sales = processNamed('sales')
    assert.deepEqual(run(sales, 50), run(sales, 50))
    assert.notEqual(run(sales, 50).fingerprint, run(sales, 50, 8).fingerprint)
  })

  it('[U] finds the silence of a process in which nobody is told for too long', () => {
    const silent = definitionFrom(`
process: silent
flow: none
steps:
  - { id: look, kind: task, status: pending_payment, owner: role:finance, ladder: [{ after: 2h, remind: owner }, { after: 8d, fallback: cancel }] }
`)
    const { broken, longest } = run(silent, 200)
    assert.ok(broken.length > 0)
    assert.ok((longest.task?.workingMs ?? 0) > 7 * 86_400_000)
  })

  it('[U] counts which rungs fired and how the orders ended', () => {
    const report = run(processNamed('sales'), 500)
    assert.equal(
      Object.values(report.ends).reduce((sum, count) => sum + count, 0),
      500,
    )
    assert.ok((report.rungs['approval 1 remind'] ?? 0) > (report.rungs['approval 4 cancel'] ?? 0))
    assert.ok((report.rungs['approval 4 cancel'] ?? 0) > 0)
  })
})
