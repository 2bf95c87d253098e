/** A worker of the floor alone, in a process of its own: on the server at TEMPORAL_ADDRESS. */
import { fileURLToPath } from 'node:url'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { FloorActivities } from './floor-workflow.ts'

const address = process.env.TEMPORAL_ADDRESS
if (!address) throw new Error('TEMPORAL_ADDRESS is not set')
const nothing = async () => {}
const activities: FloorActivities = {
  'payment.authorise': nothing,
  'inventory.reserve': nothing,
  'shipment.create': nothing,
  'payment.capture': nothing,
}
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  namespace: process.env.TEMPORAL_NAMESPACE ?? 'default',
  taskQueue: 'floor',
  workflowsPath: fileURLToPath(new URL('./floor-workflow.ts', import.meta.url)),
  activities,
})
const ended = worker.run()
console.log('the floor is polling')
await ended
