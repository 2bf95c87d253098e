import type { AskedCommand } from '../domain/core/commands/command.ts'
import { transition } from '../domain/core/decide.ts'
import type { Refusal } from '../domain/core/input.ts'
import { personNamed, resolve } from '../domain/directory.ts'
import { callerOf, type Identity } from '../domain/permission/caller.ts'
import { withoutThoseWhoLeft } from '../domain/presence.ts'
import { orderView } from '../domain/view/order-view.ts'
import { type Preview, previewOf } from '../domain/view/preview.ts'
import type { AnsweredCommand } from '../order-client/order-client.ts'
import type { CommandAnswer, CommandRequest } from '../workflows/messages.ts'
import type { CommandDependencies } from './command-dependencies.ts'
import { completedCommand } from './completed-command.ts'
import { currentOrder, type KnownOrder } from './current-order.ts'
import type { FoundOrder } from './find-order.ts'
import { recordRefusal } from './record-refusal.ts'
import { withWorkflow } from './with-workflow.ts'

/** A command that is recognised when it comes again. */
export type NamedRequest = CommandRequest & { readonly command: { readonly id: string } }

/** The order is open, and its workflow does not run. */
export interface Lost {
  readonly ok: false
  readonly code: 'lost'
  readonly message: string
}

/** A command as an order takes it: what is asked, what no order can know by itself, and who asks by today's rules. */
export async function commandRequest(
  deps: CommandDependencies,
  identity: Identity,
  { key, definition }: Pick<FoundOrder, 'key' | 'definition'>,
  asked: AskedCommand & { readonly id: string },
): Promise<{ readonly ok: true; readonly request: NamedRequest } | Refusal> {
  if (asked.type === 'transfer') {
    const nobody = await whyNobody(deps, identity, asked.to)
    if (nobody !== undefined) return nobody
  }
  const caller = callerOf(await deps.catalogue.matrixOf(key.organisation, definition), identity, asked.type)
  const completed = await completedCommand(deps, definition, key, asked)
  if (!completed.ok) return completed
  return { ok: true, request: { command: { ...completed.command, id: asked.id }, caller } }
}

/** Somebody must be there to take it over, today. Undefined: they are. */
export async function whyNobody(
  { people, clock }: Pick<CommandDependencies, 'people' | 'clock'>,
  identity: Identity,
  to: string,
): Promise<Refusal | undefined> {
  const directory = withoutThoseWhoLeft(await people.today(), clock().toISOString())
  const isOwner = to.startsWith('role:') || personNamed(directory, identity.organisation, to) !== undefined
  if (isOwner && resolve(directory, identity.organisation, to, to).length > 0) return
  const message = `nobody here is "${to}": name a person, or a role as "role:<name>"`
  return { ok: false, code: 'invalid', message, field: 'to' }
}

/** @throws OrdersUnavailable: then it is not known whether it was done */
export async function sendCommand(
  deps: CommandDependencies,
  identity: Identity,
  found: FoundOrder,
  request: NamedRequest,
): Promise<AnsweredCommand | Lost> {
  const { key } = found
  const sent = await withWorkflow(deps, found.row, () => deps.orders.command(key, request))
  if (sent !== null) return sent
  const answer = await answerOfEnded(deps, found, request)
  if (!answer.ok && answer.code !== 'lost') {
    const { code, message } = answer
    await recordRefusal(deps, identity, key, { command: request.command.type, code, message })
  }
  return answer
}

/** The workflow has ended: of a closed order the stored state says why not, of any other nobody can. */
async function answerOfEnded(
  deps: CommandDependencies,
  found: FoundOrder,
  { command, caller }: CommandRequest,
): Promise<CommandAnswer | Lost> {
  const { definition } = found
  const { state } = await asStored(deps, found)
  if (state.closed === null) {
    const message = `the order is not closed and its workflow does not run: POST /api/orders/${found.key.orderNo}/restore lets it go on`
    return { ok: false, code: 'lost', message }
  }
  const at = deps.clock().toISOString()
  const decision = transition(definition, state, { at, type: 'command', command, caller })
  if (!decision.ok) return decision
  return { ok: true, seq: state.seq, view: orderView(definition, state) }
}

/** What would come of a command now, as the order's own workflow says. */
export async function previewRequest(
  deps: CommandDependencies,
  found: FoundOrder,
  request: CommandRequest,
): Promise<Preview | Refusal> {
  const asked = { ...request, at: deps.clock().toISOString() }
  return (
    (await withWorkflow(deps, found.row, () => deps.orders.preview(found.key, asked))) ??
    // Temporal has forgotten it: of a closed order what is stored is the truth.
    previewOf(found.definition, (await asStored(deps, found)).state, asked)
  )
}

/** As the store has it by now. */
async function asStored(deps: CommandDependencies, found: FoundOrder): Promise<KnownOrder> {
  const row = await deps.store.getOrder(found.key.organisation, found.key.orderNo)
  return row === null ? found : currentOrder(deps, row)
}
