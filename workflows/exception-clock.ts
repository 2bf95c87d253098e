import { condition, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow'
import type { ExceptionClockActivities } from '../activities/contract.ts'
import { type ExceptionClockInput, newVersionSignal, wakeSignal } from './messages.ts'
import { continueAt, runsElsewhere } from './new-version.ts'

/** New exceptions are looked for at least so often, should nobody wake the clock. */
const longestSleepMs = 900_000

/** What is due already has been tried just now. */
const shortestSleepMs = 100

const activities = proxyActivities<ExceptionClockActivities>({
  startToCloseTimeout: '90s',
  // The store may be away for long; people are told when it is back.
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
})

/** The one clock of an organisation's exceptions: it does what is due, sleeps until something is, and never ends. */
export async function exceptionClock(input: ExceptionClockInput): Promise<void> {
  let isAwake = true
  setHandler(wakeSignal, () => {
    isAwake = true
  })
  let moves = false
  setHandler(newVersionSignal, version => {
    moves ||= runsElsewhere(version)
  })
  const longestMs = input.longestSleepMs ?? longestSleepMs
  while (!moves && !workflowInfo().continueAsNewSuggested) {
    isAwake = false
    const { nextDueAt } = await activities['exceptions.fire']({ organisation: input.organisation })
    const untilDueMs = nextDueAt === null ? longestMs : Date.parse(nextDueAt) - Date.now()
    await condition(() => isAwake || moves, Math.max(shortestSleepMs, Math.min(untilDueMs, longestMs)))
  }
  await continueAt<typeof exceptionClock>(moves ? 'current version' : 'same version')(input)
}
