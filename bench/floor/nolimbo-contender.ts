import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { loadProcesses } from '../../config/processes.ts'
import type { Connectors } from '../../connectors/registry.ts'
import type { Command } from '../../domain/core/command.ts'
import type { Order } from '../../domain/order/order.ts'
import { callerOf } from '../../domain/permission/caller.ts'
import { temporalOrderClient } from '../../order-client/temporal-order-client.ts'
import { openStore } from '../../store/open-store.ts'
import { startWorker } from '../../worker/start-worker.ts'
import { startInput, workflowIdOf } from '../../workflows/messages.ts'
import type { Captured, Contender } from './contender.ts'

const organisation = 'main'

/** The sales process as it is shipped: journal, matrix, notices and search attributes, everything but the HTTP edge. */
export async function nolimboContender({
  runs,
  address,
  client,
  captured,
  databaseUrl,
}: {
  readonly runs: boolean
  readonly address: string
  readonly client: Client
  readonly captured: Captured
  readonly databaseUrl?: string
}): Promise<Contender> {
  const processes = loadProcesses(join(import.meta.dirname, '../../processes'))
  const sales = processes.definitions.find(({ definition }) => definition.process === 'sales')!.compiled
  const definition = { ...sales, runs }
  const name = runs ? 'nolimbo with runs' : 'nolimbo'
  const store = await openStore({ dataFolder: 'memory://', ...(databaseUrl === undefined ? {} : { databaseUrl }) })
  const worker = await startWorker(
    { access: { address }, namespace: client.options.namespace, taskQueue: name },
    {
      store,
      connectors: connectorsOf(Object.keys(processes.operations), captured),
      directory: () => processes.directory,
      exceptions: processes.exceptions,
      definition: async () => definition,
    },
  )
  const orders = temporalOrderClient(client, name)
  const numbered = (orderNo: string) => ({ organisation, orderNo: `${runs ? 'R' : 'N'}-${orderNo}` })
  const matrix = processes.matrices[definition.permissions]!
  const mei = processes.directory.people.find(({ id }) => id === 'mei')!

  return {
    name,
    async start(orderNo) {
      const key = numbered(orderNo)
      const input = startInput(definition, orderOf(key.orderNo))
      await store.insertOrder({
        ...key,
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
      return client.workflow.getHandle(workflowIdOf(organisation, key.orderNo))
    },
    async approve(orderNo) {
      const identity = { actor: mei.id, roles: mei.roles, organisation }
      const command = { type: 'approve', id: `approve-${orderNo}` } as Command & { readonly id: string }
      const answer = await orders.command(numbered(orderNo), { command, caller: callerOf(matrix, identity, 'approve') })
      if (answer === null || !answer.ok) throw new Error(`not approved: ${JSON.stringify(answer)}`)
    },
    async deliver(orderNo) {
      const claimedAt = new Date().toISOString()
      const fact = { id: orderNo, source: 'carrier', type: 'shipment.delivered', claimedAt }
      if ((await orders.fact(numbered(orderNo), fact)) === null) throw new Error('the order is gone')
    },
    async stop() {
      await worker.stop()
      await store.close()
    },
  }
}

/** One that needs an approval. */
function orderOf(orderNo: string): Order {
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

/** Outside systems that answer at once, as those of the floor do. */
function connectorsOf(operations: readonly string[], captured: Captured): Connectors {
  return {
    operations: () =>
      Object.fromEntries(operations.map(operation => [operation, { connector: 'bench', idempotency: 'key' }])),
    async call({ operation, orderNo }) {
      if (operation === 'payment.capture') captured.tell(orderNo.slice(2))
      return { ok: true, result: {} }
    },
  }
}
