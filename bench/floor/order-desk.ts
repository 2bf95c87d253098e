import { join } from 'node:path'
import type { Client, WorkflowHandle } from '@temporalio/client'
import { loadProcesses } from '../../config/processes.ts'
import type { Command } from '../../domain/core/commands/command.ts'
import type { CompiledDefinition, Rung } from '../../domain/definition/compiled-definition.ts'
import { parseDuration } from '../../domain/duration.ts'
import type { Order } from '../../domain/order/order.ts'
import { callerOf } from '../../domain/permission/caller.ts'
import { temporalOrderClient } from '../../order-client/temporal-order-client.ts'
import type { Store } from '../../store/open-store.ts'
import { startInput, workflowIdOf } from '../../workflows/messages.ts'

const organisation = 'main'

/** Places and moves orders as the API does, but for its HTTP edge. */
export interface OrderDesk {
  place(orderNo: string, definition: CompiledDefinition): Promise<WorkflowHandle>
  /** @throws Error if it is refused */
  approve(orderNo: string): Promise<void>
  deliver(orderNo: string): Promise<void>
}

export const processes = loadProcesses(join(import.meta.dirname, '../../processes'))

/** The sales process as it is shipped. */
export const sales = processes.definitions.find(({ definition }) => definition.process === 'sales')!.compiled

/** Where an order of it waits for somebody. */
export type WaitingStep = 'approval' | 'signing'

/** The sales process, in which orders come to that step by themselves and wait there. */
export function salesWaitingAt(step: WaitingStep): CompiledDefinition {
  if (step === 'approval') return sales
  return { ...sales, steps: sales.steps.map(one => (one.id === 'approval' ? { ...one, when: 'false' } : one)) }
}

/** So, with a further rung of that step so many seconds after an order has come to it. */
export function salesReminding(step: WaitingStep, seconds: number): CompiledDefinition {
  const first: Rung = { after: parseDuration(`${seconds}s!`)!, action: 'remind', target: 'owner' }
  const definition = salesWaitingAt(step)
  const steps = definition.steps.map(one => (one.id === step ? { ...one, ladder: [first, ...one.ladder] } : one))
  return { ...definition, steps }
}

export function orderDesk(client: Client, store: Pick<Store, 'insertOrder'>, taskQueue?: string): OrderDesk {
  const orders = temporalOrderClient(client, taskQueue)
  const matrix = processes.matrices[sales.permissions]!
  const mei = processes.directory.people.find(({ id }) => id === 'mei')!
  return {
    async place(orderNo, definition) {
      const input = startInput(definition, orderOf(orderNo))
      await store.insertOrder({
        organisation,
        orderNo,
        contentHash: orderNo,
        content: input.order,
        processId: definition.id,
        processVersion: definition.version,
        startInput: input,
        placedBy: 'shop',
        customerId: input.order.customer.id,
        skus: input.order.lines.map(({ sku }) => sku),
        createdAt: new Date().toISOString(),
      })
      await orders.start(input)
      return client.workflow.getHandle(workflowIdOf(organisation, orderNo))
    },
    async approve(orderNo) {
      const identity = { actor: mei.id, roles: mei.roles, organisation }
      const command = { type: 'approve', id: `approve-${orderNo}` } as Command & { readonly id: string }
      const request = { command, caller: callerOf(matrix, identity, 'approve') }
      const answer = await orders.command({ organisation, orderNo }, request)
      if (answer === null || !answer.ok) throw new Error(`not approved: ${JSON.stringify(answer)}`)
    },
    async deliver(orderNo) {
      const claimedAt = new Date().toISOString()
      const fact = { id: orderNo, source: 'carrier', type: 'shipment.delivered', claimedAt }
      if ((await orders.fact({ organisation, orderNo }, fact)) === null) throw new Error('the order is gone')
    },
  }
}

/** One that needs an approval. */
export function orderOf(orderNo: string): Order {
  return {
    organisation,
    orderNo,
    customer: { id: 'c-1', name: 'Ada' },
    currency: 'CNY',
    exponent: 2,
    lines: [{ line: 1, sku: 'TEA', quantity: 1, unitPriceMinor: 1_800_000 }],
    charges: [],
    attributes: {},
    placedBy: 'shop',
  }
}
