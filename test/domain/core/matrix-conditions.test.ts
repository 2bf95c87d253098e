import { callerOf } from '../../../domain/permission/caller.ts'
import { type Matrix, matrixSchema } from '../../../domain/permission/permission.ts'
import { people, processNamed, matrix as standard } from '../definitions.ts'
import { given, type Happening, type OrderCase, placed, told } from '../specification.ts'

const sales = processNamed('sales')

/** The standard matrix with other rows for some commands, as somebody would write them. */
function withRows(commands: Readonly<Record<string, readonly object[]>>): Matrix {
  return matrixSchema.parse({ ...standard, version: 2, commands: { ...standard.commands, ...commands } })
}

const says =
  (matrix: Matrix, who: string, command: Parameters<typeof callerOf>[2], parts: object = {}): Happening =>
  order => {
    const { roles, organisation } = people.people.find(({ id }) => id === who)!
    const caller = callerOf(matrix, { actor: who, roles, organisation }, command)
    order.take({ type: 'command', at: order.at, command: { type: command, ...parts } as never, caller })
  }

const proposalOf = (order: OrderCase) => ({ proposal: Object.keys(order.state.proposals ?? {})[0] })

describe('conditions of the permission matrix', () => {
  it('[U] may look at the amount', () => {
    const matrix = withRows({ cancel: [{ roles: ['finance'], when: 'lessThan(order.total, "15000.00 CNY")' }] })
    given(sales, placed({ total: 10_000 }), told())
      .when(says(matrix, 'fang', 'cancel'))
      .thenAmongOthers('order.closed')
    given(sales, placed({ total: 20_000 }), told())
      .when(says(matrix, 'fang', 'cancel'))
      .thenRefused('not_permitted')
  })

  it('[U] may ask for a second person from an amount on', () => {
    const confirm = { roles: ['ops-manager'] }
    const rows = [
      { roles: ['order-desk'], when: 'lessThan(order.total, "15000.00 CNY")' },
      { roles: ['order-desk'], confirm },
    ]
    const matrix = withRows({ cancel: rows })
    given(sales, placed({ total: 10_000 }), told())
      .when(says(matrix, 'he', 'cancel'))
      .thenAmongOthers('order.closed')
    given(sales, placed({ total: 20_000 }), told())
      .when(says(matrix, 'he', 'cancel'))
      .thenAmongOthers('proposal.made')
  })

  it('[U] may look at the organisation of the order and of who asks', () => {
    for (const [when, may] of [
      ['order.organisation == "main"', true],
      ['order.organisation == "branch"', false],
      ['actor.organisation == order.organisation', true],
      ['actor.organisation != "main"', false],
    ] as const) {
      const order = given(sales, placed({ total: 10_000 }), told())
      order.when(says(withRows({ cancel: [{ roles: ['order-desk'], when }] }), 'he', 'cancel'))
      if (may) order.thenAmongOthers('order.closed')
      else order.thenRefused('not_permitted')
    }
  })

  it('[U] may leave out who placed the order', () => {
    const matrix = withRows({ approve: [{ roles: ['sales-supervisor'], when: 'actor.id != placedBy' }] })
    const approval = (placedBy: string) =>
      given(sales, placed({ total: 10_000, placedBy }), told()).when(says(matrix, 'mei', 'approve'))
    approval('sun').thenAmongOthers('step.completed')
    approval('mei').thenRefused('not_permitted')
  })

  it('[U] may look at who asked for what is to be confirmed', () => {
    const matrix = withRows({
      void: [{ roles: ['order-desk', 'ops-manager'], confirm: { roles: ['ops-manager', 'process-owner'] } }],
      confirm: [{ roles: ['ops-manager', 'process-owner'], when: 'asked != placedBy' }],
      decline: [{ roles: ['ops-manager', 'process-owner'], when: 'asked != "ling"' }],
    })
    const asked = (by: string, placedBy: string) =>
      given(sales, placed({ total: 10_000, placedBy }), told(), says(matrix, by, 'void', { reason: 'wrong' }))
    const bySomebodyElse = asked('he', 'sun')
    bySomebodyElse.when(says(matrix, 'ling', 'confirm', proposalOf(bySomebodyElse))).thenAmongOthers('order.closed')
    const byTheSame = asked('he', 'he')
    byTheSame.when(says(matrix, 'ling', 'confirm', proposalOf(byTheSame))).thenRefused('not_permitted')
    byTheSame.when(says(matrix, 'zhao', 'decline', proposalOf(byTheSame))).thenExactly('proposal.declined')
    const byLing = asked('ling', 'sun')
    byLing.when(says(matrix, 'zhao', 'decline', proposalOf(byLing))).thenRefused('not_permitted')
  })

  it('[U] know nobody who asked where nothing is to be confirmed', () => {
    const matrix = withRows({ cancel: [{ roles: ['order-desk'], when: 'asked == ""' }] })
    given(sales, placed({ total: 10_000 }), told())
      .when(says(matrix, 'he', 'cancel'))
      .thenAmongOthers('order.closed')
  })
})
