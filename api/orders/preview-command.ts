import type { AskedCommand } from '../../domain/core/command.ts'
import { callerOf, type Identity } from '../../domain/permission/caller.ts'
import { type Preview, previewOf } from '../../domain/view/preview.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { completedCommand } from './completed-command.ts'
import { type FoundOrder, rowOf } from './find-order.ts'
import { currentOrder } from './order-body.ts'
import { mustExist, refused } from './run-command.ts'
import { withWorkflow } from './with-workflow.ts'

/**
 * What would come of a command now, as the order's own workflow says.
 * @throws Problem if it would be refused
 */
export async function previewCommand(
  deps: ApiDependencies,
  identity: Identity,
  found: FoundOrder,
  asked: AskedCommand,
): Promise<Preview> {
  const { key, definition } = found
  if (asked.type === 'transfer') await mustExist(deps, identity, asked.to)
  const caller = callerOf(await deps.catalogue.matrixOf(key.organisation, definition), identity, asked.type)
  const command = await completedCommand(deps, definition, key, asked)
  const request = { command, caller, at: deps.clock().toISOString() }
  const preview =
    (await withWorkflow(deps, found.row, () => deps.orders.preview(key, request))) ??
    // Temporal has forgotten it: of a closed order what is stored is the truth.
    previewOf(definition, (await currentOrder(deps, await rowOf(deps, key.organisation, key.orderNo))).state, request)
  if ('ok' in preview) throw refused(preview)
  return preview
}
