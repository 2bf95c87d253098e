import { newVersionSignal } from '../../workflows/messages.ts'
import { processNamed } from '../domain/definitions.ts'
import type { OrderUnderTest } from '../workflows/order-under-test.ts'
import { approvalWith, cheap, dear, newerCalendars, shop, shopInRuns, shopWith } from '../workflows/processes.ts'
import { restoreFromHistory } from '../workflows/restore.ts'
import { delayed, done, held, refused, transient } from '../workflows/scripted-connectors.ts'
import type { World } from '../workflows/world.ts'

/** One for each path of the shell. Each ends with its order closed; `runs`: how many histories it leaves. */
export interface Scenario {
  readonly runs?: number
  readonly play: (world: World) => Promise<OrderUnderTest>
}

const scenario = (play: Scenario['play'], runs?: number): Scenario => ({
  play,
  ...(runs === undefined ? {} : { runs }),
})

const inTransit = (order: OrderUnderTest) => order.until('step.completed', { step: 'capture' })

export const scenarios: Readonly<Record<string, Scenario>> = {
  'sales-signed': scenario(async world => {
    const order = await world.place(processNamed('sales'), { order: { total: 18_000 } })
    await order.until('notice.delivered')
    await order.does('mei', 'approve', { reason: 'a good customer' })
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  'sales-rejected': scenario(async world => {
    const order = await world.place(processNamed('sales'), { order: { total: 18_000 } })
    await order.until('notice.delivered')
    await order.does('sun', 'approve')
    await order.signals('mei', 'reject')
    return order
  }),

  express: scenario(async world => {
    const order = await world.place(processNamed('express'))
    await order.reports('payment.received')
    await order.until('step.entered', { step: 'signing' })
    await order.reports('shipment.delivered')
    return order
  }),

  cod: scenario(async world => {
    const order = await world.place(processNamed('cod'))
    await order.until('step.entered', { step: 'signing' })
    await order.reports('shipment.delivered')
    await order.reports('payment.received')
    return order
  }),

  purchase: scenario(async world => {
    const order = await world.place(processNamed('purchase'))
    await order.does('fang', 'approve')
    for (const fact of ['supplier.confirmed', 'shipment.shipped', 'goods.received', 'invoice.matched']) {
      await order.reports(fact)
    }
    return order
  }),

  return: scenario(async world => {
    const returnOf = { orderNo: 'T-0', ceilings: [{ sku: 'A', quantity: 1 }], refundableMinor: 1500 }
    const order = await world.place(processNamed('return'), { order: { ...cheap, returnOf } })
    await order.does('mei', 'approve')
    await order.reports('goods.received')
    return order
  }),

  'cancelled-with-undo': scenario(async world => {
    const order = await world.place(shopWith({ signing: { irreversible: undefined } }))
    await inTransit(order)
    await order.does('he', 'cancel', { reason: 'the customer has called' })
    return order
  }),

  'cancelled-by-temporal': scenario(async world => {
    const order = await world.place(shop, { order: dear })
    await order.until('notice.delivered')
    await order.handle.cancel()
    return order
  }),

  'late-success-undone': scenario(async world => {
    const payment = held()
    const order = await world.place(shop, { before: placed => placed.script('payment.authorise', payment.answer) })
    await payment.begun
    await order.does('he', 'cancel')
    payment.release(delayed(1200))
    return order
  }),

  'partial-stock': scenario(async world => {
    const lines = [{ line: 1, sku: 'A', quantity: 3, unitPriceMinor: 500 }]
    const order = await world.place(shop, {
      order: { lines },
      before: placed => placed.script('inventory.reserve', done({ lines: [{ line: 1, sku: 'A', quantity: 1 }] })),
    })
    await order.until('step.partial')
    await order.reports('stock.reserved')
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  'failed-and-retried': scenario(async world => {
    const order = await world.place(shop, {
      before: placed => placed.script('payment.authorise', transient(), refused('card_declined')),
    })
    await order.until('review.opened')
    await order.does('fang', 'retry', { step: 'payment' })
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  'gave-up-and-cancelled': scenario(async world => {
    const order = await world.place(shopWith({ payment: { retry: { giveUpAfter: '1s' } } }), {
      before: placed => placed.script('payment.authorise', held().answer),
    })
    await order.until('review.opened')
    await order.does('he', 'cancel')
    return order
  }),

  'sent-back': scenario(async world => {
    const order = await world.place(shop, {
      order: dear,
      before: placed => placed.script('shipment.create', refused('no_such_address')),
    })
    await order.does('mei', 'approve')
    await order.until('review.opened')
    await order.does('ling', 'send_back', { step: 'shipment', to: 'approval' })
    await order.until('step.entered', { step: 'approval', round: 2 })
    await order.does('mei', 'approve')
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  'held-and-released': scenario(async world => {
    const order = await world.place(shop, { order: dear })
    await order.until('notice.delivered')
    await order.signals('he', 'hold', { hold: 'customer' })
    await order.until('hold.placed')
    await order.does('mei', 'approve')
    await order.does('he', 'release')
    await order.does('mei', 'approve')
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  'newer-calendar': scenario(async world => {
    const order = await world.place(shop, { order: dear })
    await order.until('notice.delivered')
    const calendars = newerCalendars(order.input.definition, { special: [[47_000]] })
    await order.does('zhao', 'recompute_deadlines', { calendars })
    await order.does('mei', 'approve')
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  amended: scenario(async world => {
    const order = await world.place(shop, { order: cheap })
    await inTransit(order)
    await order.does('sun', 'amend', { changes: { lines: [{ line: 1, unitPrice: '4.00' }] } })
    await order.until('step.completed', { step: 'capture', round: 2 })
    await order.reports('shipment.delivered')
    return order
  }),

  // Of the run that was terminated there is another history.
  restored: scenario(async world => {
    const order = await world.place(shop, {
      order: cheap,
      before: placed => placed.script('payment.authorise', held().answer),
    })
    await order.until('call.succeeded', { step: 'stock' })
    await order.handle.terminate('by mistake')
    await restoreFromHistory(world, order)
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  migrated: scenario(async world => {
    const order = await world.place(shop, { order: dear, mostUpdates: 2 })
    await order.until('notice.delivered')
    const { definition } = order.input
    const steps = definition.steps.filter(({ id }) => id !== 'capture')
    await order.does('zhao', 'migrate', { version: 2, definition: { ...definition, version: 2, steps } })
    await order.does('mei', 'approve')
    await order.untilRun(2)
    await order.until('step.entered', { step: 'signing' })
    await order.reports('shipment.delivered')
    return order
  }, 2),

  'ladder-to-its-end': scenario(async world => {
    const ladder = [
      { after: '500ms', remind: 'owner', every: '400ms' },
      { after: '1s', escalate: 'manager' },
      { after: '1500ms', transfer: 'manager' },
      { after: '2s', fallback: 'cancel' },
    ]
    return world.place(approvalWith(ladder), { order: dear })
  }),

  'asked-the-carrier': scenario(async world => {
    const parcels = [{ id: 'P1', lines: [{ line: 1, sku: 'A', quantity: 1 }] }]
    const ladder = [
      { after: '500ms', remind: 'owner' },
      { after: '5d', fallback: 'review' },
    ]
    return world.place(shopWith({ signing: { check: 'carrier.track', ladder } }), {
      order: cheap,
      before: placed => {
        placed.script('shipment.create', done({ parcels }))
        placed.script('carrier.track', done({ parcels }))
      },
    })
  }),

  run: scenario(async world => {
    const order = await world.place(shopInRuns, {
      before: placed => placed.script('shipment.create', transient(), done()),
    })
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }),

  'run-cancelled': scenario(async world => {
    const shipment = held()
    const order = await world.place(shopInRuns, {
      before: placed => placed.script('shipment.create', shipment.answer),
    })
    await shipment.begun
    await order.does('he', 'cancel')
    shipment.release(delayed(1500))
    return order
  }),

  'store-away': scenario(async world => {
    const payment = held()
    const order = await world.place(shop, {
      before: placed => {
        world.store.away(placed.orderNo)
        placed.script('payment.authorise', payment.answer)
      },
    })
    await payment.begun
    await order.reports('supplier.delayed')
    payment.release()
    await order.untilState('in transit', ({ steps }) => steps.capture?.state === 'done')
    await order.reports('shipment.delivered')
    world.store.back(order.orderNo)
    return order
  }),

  moved: scenario(async world => {
    const order = await world.place(shop, { order: dear })
    await order.until('notice.delivered')
    await order.handle.signal(newVersionSignal, { buildId: 'another one' })
    await order.untilRun(2)
    await order.does('mei', 'approve')
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }, 2),

  'new-run': scenario(async world => {
    const order = await world.place(shop, { order: dear, mostUpdates: 3 })
    await order.until('notice.delivered')
    for (let count = 0; count < 3; count += 1) await order.reports('supplier.delayed')
    await order.untilRun(2)
    await order.does('mei', 'approve')
    await inTransit(order)
    await order.reports('shipment.delivered')
    return order
  }, 2),
}
