import type { Idempotency, Step } from '../../../domain/definition/compiled-definition.ts'
import { definitionFrom } from '../definitions.ts'
import { deadline, given, type Happening, passes, placed, succeeds, told } from '../specification.ts'

const lost = 'terminated at 2026-03-02T01:00:00.000Z'
const restored =
  (reason = 'by mistake'): Happening =>
  order =>
    order.take({ type: 'restored', at: order.at, by: 'zhao', reason, lost })

const posting = (idempotency: Idempotency) => {
  const definition = definitionFrom(`
flow: none
steps:
  - { id: post, kind: call, status: pending_stock, do: erp.post, undo: erp.reverse, owner: role:warehouse, onFailure: review }
`)
  return { ...definition, steps: definition.steps.map(step => ({ ...step, idempotency }) as Step) }
}

const asking = `
flow: none
steps:
  - { id: look, kind: task, status: pending_approval, owner: role:sales-supervisor, ladder: [{ after: 2h, remind: owner }, { after: 8h, fallback: cancel }] }
`

describe('an order whose workflow was lost', () => {
  it('[U] says who let it go on, why, and what had become of it; what was under way stays so', () => {
    const order = given(posting('key'), placed()).when(restored()).thenExactly(['order.restored', { lost }])
    order.when(succeeds('post')).thenAmongOthers(['order.closed', { status: 'completed' }])
  })

  it('[U] does not make a call again that may be made only once: a person looks what became of it', () => {
    given(posting('none'), placed())
      .when(restored())
      .thenExactly(
        'order.restored',
        ['call.failed', { code: 'lost', certainty: 'unknown' }],
        ['step.failed', { code: 'lost' }],
        ['exception.raised', { kind: 'failed' }],
        'review.opened',
        'notice.requested',
      )
      .thenStatus('manual_review')
  })

  it('[U] goes on with its deadlines where they were, and leaves people time for what it has missed', () => {
    const order = given(asking, placed(), told())
    order.when(passes('3d'), restored()).thenExactly('order.restored')
    order.when(deadline).thenAmongOthers('rung.fired')
  })

  it('[U] changes nothing once it is closed', () => {
    given(posting('key'), placed(), succeeds('post')).when(restored()).thenExactly()
  })
})
