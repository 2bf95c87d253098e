import type { Client } from '@temporalio/client'
import { processCatalogue } from '../../commands/process-catalogue.ts'
import type { Connectors } from '../../connectors/registry.ts'
import { keepMatrices } from '../../store/kept-matrices.ts'
import { openStore } from '../../store/open-store.ts'
import { startWorker } from '../../worker/start-worker.ts'
import type { Captured, Contender } from './contender.ts'
import { orderDesk, processes, sales } from './order-desk.ts'

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
      catalogue: processCatalogue(processes, store, keepMatrices(store, processes.matrices)),
    },
  )
  const desk = orderDesk(client, store, name)
  const numbered = (orderNo: string) => `${runs ? 'R' : 'N'}-${orderNo}`
  return {
    name,
    start: orderNo => desk.place(numbered(orderNo), definition),
    approve: orderNo => desk.approve(numbered(orderNo)),
    deliver: orderNo => desk.deliver(numbered(orderNo)),
    async stop() {
      await worker.stop()
      await store.close()
    },
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
