import { currentOrder } from '../../commands/current-order.ts'
import { recordRefusal } from '../../commands/record-refusal.ts'
import { expressionContext } from '../../domain/core/order-context.ts'
import { orderStatus } from '../../domain/core/order-status.ts'
import type { ExpressionContext } from '../../domain/expression/expression.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { allowedRows, type ExceptionPermission, type Matrix } from '../../domain/permission/permission.ts'
import { type AllowedRow, permits } from '../../domain/permission/permits.ts'
import type { Status } from '../../domain/status.ts'
import type { StoredException } from '../../store/exceptions.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'

/**
 * Lets the caller do this with an exception, by today's matrix of its order's process; by any matrix where it belongs
 * to no order.
 * @throws Problem not_permitted
 */
export async function permitException(
  deps: ApiDependencies,
  identity: Identity,
  what: ExceptionPermission,
  exception: Concerned,
): Promise<void> {
  const { matrices, known } = await surroundings(deps, exception)
  const verdicts = matrices.map(matrix => {
    const rows = allowedRows(matrix, what, identity.roles)
    const context = { ...(known?.context ?? noOrder), ...about(identity, exception) }
    // Where there is no order, nothing that is said of one holds.
    const judged = known === null ? rows.filter(row => !speaksOfOrder(row)) : rows
    return permits(judged, known?.status ?? 'received', context)
  })
  if (verdicts.some(verdict => verdict.ok)) return
  const [why = 'no matrix allows it'] = verdicts.flatMap(verdict => (verdict.ok ? [] : verdict.why))
  const { organisation, orderNo } = exception
  if (orderNo !== null) {
    await recordRefusal(
      deps,
      identity,
      { organisation, orderNo },
      { command: what, code: 'not_permitted', message: why },
    )
  }
  throw new Problem('not_permitted', why)
}

/** What of an exception decides who may do something about it. */
type Concerned = Pick<StoredException, 'organisation' | 'orderNo' | 'owner' | 'step'>

interface Surroundings {
  readonly matrices: readonly Matrix[]
  /** Null: it belongs to no order. */
  readonly known: { readonly status: Status; readonly context: ExpressionContext } | null
}

async function surroundings(deps: ApiDependencies, { organisation, orderNo }: Concerned): Promise<Surroundings> {
  const row = orderNo === null ? null : await deps.store.getOrder(organisation, orderNo)
  if (row === null) return { matrices: Object.values((await deps.matrices.today())(organisation)), known: null }
  const { definition, state } = await currentOrder(deps, row)
  const context = { ...expressionContext(state), placedBy: state.order.placedBy }
  return {
    matrices: [await deps.catalogue.matrixOf(organisation, definition)],
    known: { status: orderStatus(definition, state), context },
  }
}

function speaksOfOrder({ statuses, when }: AllowedRow): boolean {
  return statuses !== 'open' || /\b(order|placedBy)\b/.test(when ?? '')
}

const noOrder: ExpressionContext = {
  order: {
    ...{ orderNo: '', organisation: '', currency: 'CNY', exponent: 2, totalMinor: 0 },
    ...{ lines: [], attributes: {}, customer: { id: '', name: '' } },
  },
}

function about(
  { actor, roles, organisation }: Identity,
  { owner, step }: Concerned,
): Pick<ExpressionContext, 'actor' | 'step'> {
  const mine = owner === actor || roles.some(role => owner === `role:${role}`)
  return { actor: { id: actor, roles: [...roles], organisation }, step: { id: step ?? '', owner, mine } }
}
