import { CancellationScope, isCancellation, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow'
import type { BulkActivities } from '../activities/contract.ts'
import { type BulkInput, newVersionSignal } from './messages.ts'
import { continueAt, runsElsewhere } from './new-version.ts'

const usualSliceMs = 10_000
/** A server ends a run at 51,200 events, and a slice is about seven. */
const usualSlices = 400

/** Whatever is left is sent in the next attempt: a worker that dies costs nothing but time. */
const activities = proxyActivities<BulkActivities>({
  // Those that are under way at the end of a slice are waited for.
  startToCloseTimeout: '3m',
  heartbeatTimeout: '5s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  // The store may be away for long.
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
})

/** The same command for many orders, slice by slice; all that it knows is in the store. */
export async function bulk(input: BulkInput): Promise<void> {
  const { organisation, id, sliceMs = usualSliceMs, mostSlices = usualSlices } = input
  let moves = false
  setHandler(newVersionSignal, version => {
    moves ||= runsElsewhere(version)
  })
  let isCancelled = false
  try {
    for (let slices = 1; ; slices += 1) {
      const { left, goesOn } = await activities['bulk.send']({ organisation, id, sliceMs })
      setCurrentDetails(`${left} orders are left`)
      if (!goesOn) break
      if (!moves && slices < mostSlices) continue
      await continueAt<typeof bulk>(moves ? 'current version' : 'same version')(input)
    }
  } catch (error) {
    if (!isCancellation(error)) throw error
    isCancelled = true
  }
  await CancellationScope.nonCancellable(() => activities['bulk.finish']({ organisation, id, isCancelled }))
}
