import type { KnownOrder } from '../../commands/current-order.ts'
import { recordRefusal } from '../../commands/record-refusal.ts'
import { expressionContext } from '../../domain/core/order-context.ts'
import { orderStatus } from '../../domain/core/order-status.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { allowedRows } from '../../domain/permission/permission.ts'
import { permits } from '../../domain/permission/permits.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'

/**
 * Lets the caller place this order, or report facts of it; that it is refused is recorded. What a command needs is judged in the order itself.
 * @throws Problem not_permitted
 */
export async function permit(
  deps: Pick<ApiDependencies, 'catalogue' | 'store' | 'clock' | 'logger'>,
  identity: Identity,
  what: 'place' | 'report',
  { definition, state }: KnownOrder,
): Promise<void> {
  const { actor, roles, organisation } = identity
  const rows = allowedRows(await deps.catalogue.matrixOf(organisation, definition), what, roles)
  const verdict = permits(rows, orderStatus(definition, state), {
    ...expressionContext(state),
    actor: { id: actor, roles: [...roles], organisation },
    placedBy: state.order.placedBy,
    step: { id: '', owner: '', mine: false },
  })
  if (verdict.ok) return
  const refused = { command: what, code: 'not_permitted', message: verdict.why } as const
  await recordRefusal(deps, identity, state.order, refused)
  throw new Problem(refused.code, verdict.why)
}
