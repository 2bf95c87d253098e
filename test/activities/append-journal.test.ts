import assert from 'node:assert/strict'
import { appendJournal } from '../../activities/append-journal.ts'
import type { Store } from '../../store/open-store.ts'
import type { Projection } from '../../store/projection.ts'
import { exceptionRules } from '../domain/definitions.ts'
import { sales, salesOrder } from '../domain/view/sales-order.ts'
import { batch } from './samples.ts'

describe('the activity that stores a journal', () => {
  it('[U] gives an order’s exceptions the severity that exceptions.yaml says', async () => {
    const order = salesOrder()
    order.fail('payment')
    let projected: Projection | undefined
    const store = {
      append: async (given: { events: never }, project: (state: null, events: never) => Projection) => {
        projected = project(null, given.events)
        return 1
      },
    } as unknown as Store
    const exceptions = { ...exceptionRules, failed: { ...exceptionRules.failed!, severity: 'critical' } as const }
    const append = appendJournal({ store, exceptions, definition: async () => sales })
    await append({ ...batch, events: order.events })
    assert.deepEqual(
      projected?.exceptions.map(({ kind, severity }) => [kind, severity]),
      [['failed', 'critical']],
    )
  })
})
