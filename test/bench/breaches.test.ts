import assert from 'node:assert/strict'
import { breaches } from '../../bench/floor/breaches.ts'
import limits from '../../bench/floor/limits.json' with { type: 'json' }

const name = 'nolimbo with runs'

describe('the limits of what an order costs', () => {
  it('[U] allow what is at them', () => {
    assert.deepEqual(breaches(limits, limits), [])
  })

  for (const what of ['events', 'tasks', 'actions'] as const) {
    it(`[U] are broken by one of its ${what} more`, () => {
      const dearer = { ...limits.orders[name], [what]: limits.orders[name][what] + 1 }
      const found = breaches(limits, { ...limits, orders: { ...limits.orders, [name]: dearer } })
      assert.equal(found.length, 1)
      assert.match(found[0]!, new RegExp(`^${name}: ${limits.orders[name][what] + 1} .*, at most`))
    })
  }

  it('[U] are broken by a script that is a byte longer, and by an order that nobody counted', () => {
    assert.match(breaches(limits, { ...limits, bundleBytes: limits.bundleBytes + 1 }).join(), /script has/)
    assert.equal(breaches(limits, { ...limits, orders: {} }).length, Object.keys(limits.orders).length)
  })
})
