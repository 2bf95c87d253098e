import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { Captured, Contender } from './contender.ts'
import { approveUpdate, deliveredUpdate, type FloorActivities } from './floor-workflow.ts'

export type FloorKind = 'floor' | 'floorOfLocalActivities'

export async function floorContender(
  kind: FloorKind,
  { address, client, captured }: { readonly address: string; readonly client: Client; readonly captured: Captured },
): Promise<Contender> {
  const connection = await NativeConnection.connect({ address })
  const activities: FloorActivities = {
    'payment.authorise': async () => {},
    'inventory.reserve': async () => {},
    'shipment.create': async () => {},
    'payment.capture': async orderNo => captured.tell(orderNo),
  }
  const worker = await Worker.create({
    connection,
    taskQueue: kind,
    workflowsPath: fileURLToPath(new URL('./floor-workflow.ts', import.meta.url)),
    activities,
    maxConcurrentActivityTaskExecutions: 200,
  })
  const ended = worker.run()
  const handleOf = (orderNo: string) => client.workflow.getHandle(`${kind}/${orderNo}`)
  return {
    name: kind,
    start: orderNo =>
      client.workflow.start(kind, { workflowId: `${kind}/${orderNo}`, taskQueue: kind, args: [{ orderNo }] }),
    approve: orderNo => handleOf(orderNo).executeUpdate(approveUpdate),
    deliver: orderNo => handleOf(orderNo).executeUpdate(deliveredUpdate),
    async stop() {
      worker.shutdown()
      await ended
      await connection.close()
    },
  }
}
