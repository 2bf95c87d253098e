/** The shortest workflow of the sales order's steps and waits, with none of the rest: what nolimbo is measured against. */
import { condition, defineUpdate, proxyActivities, proxyLocalActivities, setHandler } from '@temporalio/workflow'

export interface FloorOrder {
  readonly orderNo: string
}

type Call = (orderNo: string) => Promise<void>

export interface FloorActivities {
  readonly 'payment.authorise': Call
  readonly 'inventory.reserve': Call
  readonly 'shipment.create': Call
  readonly 'payment.capture': Call
}

export const approveUpdate = defineUpdate<void, []>('approve')
export const deliveredUpdate = defineUpdate<void, []>('delivered')

/** Each call an activity. */
export function floor(order: FloorOrder): Promise<void> {
  return steps(order, proxyActivities<FloorActivities>({ startToCloseTimeout: '2m' }))
}

/** Unsafe: a call made before its cause is in the history. It shows how far down it could go. */
export function floorOfLocalActivities(order: FloorOrder): Promise<void> {
  return steps(order, proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '2m' }))
}

async function steps({ orderNo }: FloorOrder, calls: FloorActivities): Promise<void> {
  let [approved, delivered] = [false, false]
  setHandler(approveUpdate, () => {
    approved = true
  })
  setHandler(deliveredUpdate, () => {
    delivered = true
  })
  await condition(() => approved)
  await Promise.all([calls['payment.authorise'](orderNo), calls['inventory.reserve'](orderNo)])
  await calls['shipment.create'](orderNo)
  await calls['payment.capture'](orderNo)
  await condition(() => delivered)
}
