import { createHash, randomUUID } from 'node:crypto'
import type { AskedCommand } from '../../domain/core/command.ts'
import { transition } from '../../domain/core/decide.ts'
import type { Refusal } from '../../domain/core/input.ts'
import type { OrderState } from '../../domain/core/state.ts'
import { personNamed, resolve } from '../../domain/directory.ts'
import { callerOf, type Identity } from '../../domain/permission/caller.ts'
import { withoutThoseWhoLeft } from '../../domain/presence.ts'
import { orderView, type ProposalView } from '../../domain/view/order-view.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import { canonicalJson } from '../../store/json-text.ts'
import type { CommandAnswer, CommandRequest } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { invalid, Problem, unavailable } from '../http/problem.ts'
import { completedCommand } from './completed-command.ts'
import { type FoundOrder, rowOf } from './find-order.ts'
import { currentOrder, type OrderBody, orderBody, runIdOf } from './order-body.ts'
import { recordRefusal } from './record-refusal.ts'
import { withWorkflow } from './with-workflow.ts'

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
  const { key, definition } = found
  if (asked.type === 'transfer') await mustExist(deps, identity, asked.to)
  const caller = callerOf(await deps.catalogue.matrixOf(key.organisation, definition), identity, asked.type)
  const command = {
    ...(await completedCommand(deps, definition, key, asked)),
    id: commandId(identity, asked, idempotencyKey),
  }
  const request = { command, caller }
  const runId = runIdOf(deps, key)
  // Asked meanwhile: if the command fails first, nobody waits for the answer.
  runId.catch(() => {})
  const sent = await withWorkflow(deps, found.row, () => deps.orders.command(key, request)).catch(notKnown)
  const answer = sent ?? (await answerOfEnded(deps, found, request))
  if (sent === null && !answer.ok) await recordRefusal(deps, identity, key, { command: command.type, ...answer })
  deps.metrics.commands.inc({ command: command.type, outcome: answer.ok ? 'done' : answer.code })
  if (!answer.ok) throw refused(answer)
  const proposal = answer.view.proposals.find(({ command: asked }) => asked.id === request.command.id)
  if (proposal !== undefined) return proposal
  const state = await stateAfter(deps, found, request, answer.seq)
  return orderBody(deps, identity, { definition, state }, { view: answer.view, runId: await runId })
}

/** It may have been done: only under an id of the caller's is it safe to ask again. */
function notKnown(error: unknown): never {
  if (!(error instanceof OrdersUnavailable)) throw error
  throw unavailable(
    `${error.message}, so it is not known whether this was done: repeat it under the same id or Idempotency-Key, ` +
      'or look at the order first',
  )
}

/** Somebody must be there to take it over, today. */
export async function mustExist({ people, clock }: ApiDependencies, identity: Identity, to: string): Promise<void> {
  const directory = withoutThoseWhoLeft(await people.today(), clock().toISOString())
  const isOwner = to.startsWith('role:') || personNamed(directory, identity.organisation, to) !== undefined
  if (isOwner && resolve(directory, identity.organisation, to, to).length > 0) return
  throw invalid([{ field: 'to', message: `nobody here is "${to}": name a person, or a role as "role:<name>"` }])
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

/** The workflow has ended: of a closed order the stored state says why not, of any other nobody can. */
async function answerOfEnded(
  deps: ApiDependencies,
  { key, definition }: FoundOrder,
  { command, caller }: CommandRequest,
): Promise<CommandAnswer> {
  const { state } = await currentOrder(deps, await rowOf(deps, key.organisation, key.orderNo))
  if (state.closed === null) {
    throw new Problem('lost', 'the order is not closed and its workflow does not run: an operator has to look')
  }
  const at = deps.clock().toISOString()
  const decision = transition(definition, state, { at, type: 'command', command, caller })
  if (!decision.ok) return decision
  return { ok: true, seq: state.seq, view: orderView(definition, state) }
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
