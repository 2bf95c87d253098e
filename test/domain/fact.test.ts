import assert from 'node:assert/strict'
import { factSchema } from '../../domain/fact.ts'
import { malformedFact } from '../../workflows/validate.ts'

describe('a fact', () => {
  const fact = { id: 'f1', source: 'carrier', type: 'shipment.delivered', at: '2026-03-02T09:00:00+08:00' }

  it('[U] has a time that a store can keep, in the API and in the order', () => {
    assert.ok(factSchema.safeParse(fact).success)
    assert.equal(malformedFact({ ...fact, claimedAt: fact.at }), undefined)
    for (const at of [
      '0000-01-01T00:00:00Z',
      '1969-12-31T23:59:59Z',
      '2026-13-01T00:00:00Z',
      'yesterday',
      '2026-03-02',
    ]) {
      assert.ok(!factSchema.safeParse({ ...fact, at }).success, at)
      assert.match(malformedFact({ ...fact, claimedAt: at }) ?? '', /claimedAt/, at)
    }
  })
})
