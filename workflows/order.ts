import { ApplicationFailure, CancellationScope, isCancellation, setHandler } from '@temporalio/workflow'
import type { ClosedStatus } from '../domain/status.ts'
import { previewOf } from '../domain/view/preview.ts'
import { malformedMessage } from './malformed-parts.ts'
import {
  type CommandRequest,
  carriedQuery,
  commandSignal,
  commandUpdate,
  factUpdate,
  type MessageFailure,
  mergeUpdate,
  newVersionSignal,
  type OrderInput,
  previewQuery,
  slowSignal,
  stateQuery,
} from './messages.ts'
import { continueAt } from './new-version.ts'
import { OrderShell } from './order-shell.ts'
import { malformedCommand, malformedFact } from './validate.ts'

export interface OrderResult {
  readonly orderNo: string
  readonly status: ClosedStatus
  readonly seq: number
}

/** One order, from its start to its signature, or to whatever else it comes to. */
export async function order(input: OrderInput): Promise<OrderResult> {
  // Buffered messages run inside setHandler: the order must exist before. Signals first: who sends one, and then an
  // Update, has not waited for it to be done.
  const shell = new OrderShell(input)
  setHandler(slowSignal, () => shell.callIsSlow())
  setHandler(newVersionSignal, version => shell.moveTo(version))
  setHandler(commandSignal, request => takeSignal(shell, request))
  setHandler(factUpdate, fact => shell.fact(fact), { validator: fact => judgeFact(shell, fact) })
  setHandler(commandUpdate, request => shell.command(request), { validator: request => judgeCommand(shell, request) })
  setHandler(mergeUpdate, message => shell.merge(message), { validator: message => judgeMerge(shell, message) })
  setHandler(stateQuery, () => shell.state)
  setHandler(carriedQuery, () => shell.carried())
  setHandler(previewQuery, ({ command, caller, at }) =>
    previewOf(shell.definition, shell.state, { command, caller, at }),
  )
  CancellationScope.current().cancelRequested.catch(error => {
    if (isCancellation(error) && shell.state.closed === null) shell.take({ type: 'cancellation' })
  })
  return await CancellationScope.nonCancellable(async () => {
    const end = await shell.run()
    if (end !== 'closed') {
      const goOn = continueAt<typeof order>(end === 'move' ? 'current version' : 'same version')
      const { restored: _once, ...placed } = input
      await goOn({ ...placed, carried: shell.carried() })
    }
    const { state } = shell
    return { orderNo: state.order.orderNo, status: state.closed!.status, seq: state.seq }
  })
}

function judgeCommand(shell: OrderShell, request: unknown): void {
  const malformed = malformedCommand(request)
  if (malformed !== undefined) throw turnedAway('invalid', malformed)
  if (shell.isFull) throw turnedAway('unavailable', waitsForStore)
}

function judgeMerge(shell: OrderShell, message: unknown): void {
  const malformed = malformedMessage(message)
  if (malformed !== undefined) throw turnedAway('invalid', malformed)
  if (shell.isFull) throw turnedAway('unavailable', waitsForStore)
}

function judgeFact(shell: OrderShell, fact: unknown): void {
  const malformed = malformedFact(fact)
  if (malformed !== undefined) throw turnedAway('invalid', malformed)
  if (shell.isFull) throw turnedAway('unavailable', waitsForStore)
  // Taken now it would be in no journal; in a moment the workflow has ended, and it is a fact of a closed order.
  if (shell.state.closed !== null) throw turnedAway('unavailable', 'the order is just being closed')
}

/** Nobody waits for a signal's answer: one that is turned away is kept among the attempts. */
function takeSignal(shell: OrderShell, request: CommandRequest): void {
  const malformed = malformedCommand(request)
  if (malformed !== undefined) return turnSignalAway(shell, 'invalid', malformed)
  if (shell.isFull) return turnSignalAway(shell, 'unavailable', waitsForStore, request)
  shell.command(request)
}

function turnSignalAway(shell: OrderShell, code: MessageFailure, message: string, request?: CommandRequest): void {
  const { caller, command } = request ?? { caller: { actor: 'signal' }, command: { type: 'unknown' } }
  shell.refused({ actor: caller.actor, command: command.type, code, message })
}

const waitsForStore = 'the order has too much waiting for the store'

function turnedAway(type: MessageFailure, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type)
}
