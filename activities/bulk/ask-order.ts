import type { CommandDependencies } from '../../commands/command-dependencies.ts'
import { findOrder } from '../../commands/find-order.ts'
import { commandRequest, previewRequest, sendCommand } from '../../commands/send-command.ts'
import { type BulkOrder, type BulkResult, bulkCommandId } from '../../domain/bulk/bulk.ts'
import type { AskedCommand } from '../../domain/core/commands/command.ts'
import type { Refusal } from '../../domain/core/input.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { Preview } from '../../domain/view/preview.ts'

/**
 * Gives one order of a bulk its command, as if whoever asks had sent it alone. Done again it does nothing twice: the
 * order knows the command by its id.
 * @throws OrdersUnavailable: then it is not known whether it was done
 */
export async function askOrder(
  deps: CommandDependencies,
  identity: Identity,
  { id: bulk, command, dryRun }: BulkOrder,
  orderNo: string,
): Promise<BulkResult> {
  const found = await findOrder(deps, { organisation: identity.organisation, orderNo })
  if (found === null) return { outcome: 'not_found', message: `there is no order ${orderNo}` }
  const asked = { ...command, id: bulkCommandId(bulk, orderNo) } as AskedCommand & { readonly id: string }
  const asks = await commandRequest(deps, identity, found, asked)
  if (!asks.ok) return refused(asks)
  if (dryRun) {
    const preview = await previewRequest(deps, found, asks.request)
    return 'ok' in preview ? refused(preview) : forecast(preview)
  }
  const answer = await sendCommand(deps, identity, found, asks.request)
  if (!answer.ok) {
    return answer.code === 'lost' ? { outcome: 'failed', code: answer.code, message: answer.message } : refused(answer)
  }
  const { seq, view } = answer
  const proposal = view.proposals.find(({ command: { id } }) => id === asked.id)?.id
  if (proposal !== undefined) return { outcome: 'proposed', seq, status: view.status, proposal }
  return { outcome: 'done', seq, status: view.status }
}

function refused({ code, message }: Refusal): BulkResult {
  return { outcome: 'refused', code, message }
}

function forecast({ seq, status, statusAfter, statusInTheEnd, confirm, events, calls, undo }: Preview): BulkResult {
  return {
    outcome: confirm === null ? 'would_be_done' : 'would_be_proposed',
    seq,
    would: {
      status,
      statusAfter,
      statusInTheEnd,
      events: events.map(({ type }) => type),
      calls: calls.map(({ operation }) => operation),
      undo: undo.map(({ operation }) => operation),
    },
  }
}
