import { randomUUID } from 'node:crypto'
import type { FoundOrder } from '../../commands/find-order.ts'
import { commandRequest, previewRequest } from '../../commands/send-command.ts'
import type { AskedCommand } from '../../domain/core/commands/command.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { Preview } from '../../domain/view/preview.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { refused } from './run-command.ts'

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
  const asks = await commandRequest(deps, identity, found, { ...asked, id: asked.id ?? randomUUID() })
  if (!asks.ok) throw refused(asks)
  const preview = await previewRequest(deps, found, asks.request)
  if ('ok' in preview) throw refused(preview)
  return preview
}
