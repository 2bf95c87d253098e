import { scheduleActivity } from '@temporalio/workflow'
import type { BeginOrdersInput } from '../activities/contract.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { Order } from '../domain/order/order.ts'

/** Begins the orders that come in the place of this one: it is due, so it is tried until it is done. */
export class SuccessorRunner {
  private isRunning = false
  private readonly begun: (orders: readonly string[]) => void

  constructor(begun: (orders: readonly string[]) => void) {
    this.begun = begun
  }

  get isQuiet(): boolean {
    return !this.isRunning
  }

  reconcile(definition: CompiledDefinition, orders: readonly Order[]): void {
    if (orders.length > 0 && !this.isRunning) void this.begin({ definition, orders })
  }

  private async begin(input: BeginOrdersInput): Promise<void> {
    this.isRunning = true
    const { orders } = await scheduleActivity<{ orders: readonly string[] }>('orders.begin', [input], {
      startToCloseTimeout: '5m',
      // A worker that has died is noticed; it beats after each order.
      heartbeatTimeout: '10s',
      retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
    })
    this.isRunning = false
    this.begun(orders)
  }
}
