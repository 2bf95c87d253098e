import {
  ApplicationFailure,
  CancellationScope,
  continueAsNew,
  isCancellation,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { ClosedStatus } from '../domain/status.ts'
import {
  commandSignal,
  commandUpdate,
  factUpdate,
  type MessageFailure,
  type OrderInput,
  stateQuery,
} from './messages.ts'
import { OrderShell } from './order-shell.ts'
import { malformedCommand, malformedFact } from './validate.ts'

export interface OrderResult {
  readonly orderNo: string
  readonly status: ClosedStatus
  readonly seq: number
}

/** One order, from its start to its signature, or to whatever else it comes to. */
export async function order(input: OrderInput): Promise<OrderResult> {
  // Buffered messages run inside setHandler: the order must exist before.
  const shell = new OrderShell(input)
  setHandler(stateQuery, () => shell.state)
  setHandler(factUpdate, fact => shell.fact(fact), { validator: fact => turnAway(shell, malformedFact(fact)) })
  setHandler(commandUpdate, request => shell.command(request), {
    validator: request => turnAway(shell, malformedCommand(request)),
  })
  setHandler(commandSignal, request => {
    const malformed = malformedCommand(request)
    if (malformed === undefined) shell.command(request)
    else log.warn(`a signal was turned away: ${malformed}`)
  })
  CancellationScope.current().cancelRequested.catch(error => {
    if (isCancellation(error) && shell.state.closed === null) shell.take({ type: 'cancellation' })
  })
  return await CancellationScope.nonCancellable(async () => {
    const end = await shell.run()
    if (end === 'continue') {
      await continueAsNew<typeof order>({ ...input, carried: shell.carried() })
    }
    const { state } = shell
    return { orderNo: state.order.orderNo, status: state.closed!.status, seq: state.seq }
  })
}

function turnAway(shell: OrderShell, malformed: string | undefined): void {
  if (malformed !== undefined) throw failure(malformed, 'invalid')
  if (shell.isFull) throw failure(`${workflowInfo().workflowId} waits for the store`, 'unavailable')
}

function failure(message: string, type: MessageFailure): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type)
}
