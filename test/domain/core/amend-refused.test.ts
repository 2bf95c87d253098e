import { processNamed } from '../definitions.ts'
import { does, fails, given, type Happening, placed, reports, succeeds, undoSucceeds } from '../specification.ts'

const sales = processNamed('sales')
const amends = (changes: object): Happening => does('sun', 'amend', { changes })
const lines = (...some: readonly object[]) => ({ lines: some })
const ready: Happening[] = [placed(), succeeds('payment'), succeeds('stock')]
const failedToShip: Happening[] = [...ready, fails('shipment')]
const inTransit: Happening[] = [...ready, succeeds('shipment'), succeeds('capture')]

describe('amending is refused', () => {
  it('[U] below what has been shipped', () => {
    given(sales, ...inTransit)
      .when(amends(lines({ line: 1, quantity: 1 })))
      .thenRefused('below_shipped', 'changes.lines')
  })

  it('[U] past something irreversible', () => {
    const parcels = [
      { id: 'P1', lines: [{ line: 1, sku: 'A', quantity: 2 }] },
      { id: 'P2', lines: [{ line: 2, sku: 'B', quantity: 1 }] },
    ]
    const partly = given(sales, ...ready, succeeds('shipment', { parcels }), succeeds('capture'))
    partly.when(reports('shipment.delivered', { parcel: 'P1' }))
    partly.when(amends(lines({ line: 1, quantity: 3 }))).thenRefused('irreversible', 'changes')
    partly.when(amends(lines({ line: 2, unitPrice: '1' }))).thenRefused('irreversible', 'changes')
  })

  it('[U] while a call that it is about is in flight, and only then', () => {
    const order = given(sales, placed(), succeeds('stock'))
    order.when(amends(lines({ line: 1, unitPrice: '6' }))).thenRefused('call_in_flight')
    order.when(amends({ attributes: { address: 'x' } })).thenExactly('order.amended')
  })

  it('[U] where nothing would change, or nothing be left', () => {
    const order = given(sales, ...failedToShip)
    order.when(amends(lines({ line: 1, quantity: 2, unitPrice: '5.00' }))).thenRefused('not_applicable', 'changes')
    order
      .when(amends(lines({ line: 1, quantity: 0 }, { line: 2, quantity: 0 })))
      .thenRefused('not_applicable', 'changes.lines')
  })

  it('[U] where it makes no sense', () => {
    const order = given(sales, ...failedToShip)
    order.when(amends(lines({ line: 3, quantity: 1 }))).thenRefused('invalid', 'changes.lines.0.line')
    order.when(amends(lines({ line: 1, quantity: 1 }, { line: 1 }))).thenRefused('invalid', 'changes.lines.1.line')
    order.when(amends(lines({ line: 1, unitPrice: '1.234' }))).thenRefused('invalid', 'changes.lines.0.unitPrice')
    order.when(amends({ charges: [{ type: 'discount', amount: '99' }] })).thenRefused('invalid', 'changes.charges')
  })

  it('[U] while the order is being undone, and once it is closed', () => {
    const order = given(sales, ...failedToShip).when(amends(lines({ line: 1, quantity: 3 })))
    order.when(amends(lines({ line: 1, quantity: 4 }))).thenRefused('not_applicable')
    order.when(does('he', 'cancel'), undoSucceeds('stock'), undoSucceeds('payment')).thenStatus('cancelled')
    order.when(amends(lines({ line: 1, quantity: 4 }))).thenRefused('closed')
  })
})
