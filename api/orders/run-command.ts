import { createHash, randomUUID } from 'node:crypto'
import type { FoundOrder } from '../../commands/find-order.ts'
import { commandRequest, sendCommand } from '../../commands/send-command.ts'
import type { AskedCommand } from '../../domain/core/commands/command.ts'
import { transition } from '../../domain/core/decide.ts'
import type { Refusal } from '../../domain/core/input.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { ProposalView } from '../../domain/view/order-view.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import { canonicalJson } from '../../store/json-text.ts'
import type { CommandRequest } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem, unavailable } from '../http/problem.ts'
import { type OrderBody, orderBody } from './order-body.ts'

/**
 * Gives an order a command, and answers with the order as its workflow then is.
 * @throws Problem if it is refused
 */
export async function runCommand(
  deps: ApiDependencies,
  identity: Identity,
  found: FoundOrder,
  asked: AskedCommand,
  idempotencyKey: string | undefined,
): Promise<OrderBody | ProposalView> {
  const { definition } = found
  const asks = await commandRequest(deps, identity, found, { ...asked, id: commandId(identity, asked, idempotencyKey) })
  if (!asks.ok) throw refused(asks)
  const { request } = asks
  const answer = await sendCommand(deps, identity, found, request).catch(notKnown)
  if (!answer.ok && answer.code === 'lost') throw new Problem('lost', answer.message)
  deps.metrics.commands.inc({ command: asked.type, outcome: answer.ok ? 'done' : answer.code })
  if (!answer.ok) throw refused(answer)
  const proposal = answer.view.proposals.find(({ command }) => command.id === request.command.id)
  if (proposal !== undefined) return proposal
  const state = await stateAfter(deps, found, request, answer.seq)
  const runId = answer.runId === undefined ? {} : { runId: answer.runId }
  return orderBody(deps, identity, { definition, state }, { view: answer.view, ...runId })
}

/** It may have been done: only under an id of the caller's is it safe to ask again. */
function notKnown(error: unknown): never {
  if (!(error instanceof OrdersUnavailable)) throw error
  throw unavailable(
    `${error.message}, so it is not known whether this was done: repeat it under the same id or Idempotency-Key, ` +
      'or look at the order first',
  )
}

/**
 * What the command is recognised by when it comes again: the id or key that the caller gave it, for this caller and
 * these words only, so that nobody else's command can be taken for it.
 */
function commandId({ actor }: Identity, { id: givenId, ...command }: AskedCommand, key: string | undefined): string {
  const given = givenId ?? key
  if (given === undefined) return randomUUID()
  const words = createHash('sha256').update(canonicalJson({ actor, command })).digest('hex')
  return `${given.slice(0, 160)}~${words.slice(0, 16)}`
}

/**
 * The state after the command, for what can be done next. The order has decided purely: where what was known of it was
 * up to date, the same decision gives the same state here; else the order is asked.
 */
async function stateAfter(
  deps: ApiDependencies,
  { key, definition, state }: FoundOrder,
  request: CommandRequest,
  seq: number,
): Promise<OrderState> {
  const decision = transition(definition, state, { at: deps.clock().toISOString(), type: 'command', ...request })
  if (decision.ok && decision.state.seq === seq) return decision.state
  try {
    return (await deps.orders.state(key)) ?? state
  } catch (error) {
    if (error instanceof OrdersUnavailable) return state
    throw error
  }
}

export function refused({ code, message, field }: Refusal): Problem {
  const errors = field === undefined ? [] : [{ field, message }]
  return new Problem(code, message, errors.length === 0 ? {} : { errors })
}
