import type { Logger } from 'pino'
import { type FoundOrder, findOrder } from '../../commands/find-order.ts'
import { recordRefusal } from '../../commands/record-refusal.ts'
import { withWorkflow } from '../../commands/with-workflow.ts'
import type { FactRequest } from '../../domain/fact.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { allowedRows } from '../../domain/permission/permission.ts'
import type { FactRow, FactState } from '../../store/facts.ts'
import type { OrderKey } from '../../store/orders.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { raiseLateFact } from '../exceptions/fact-exceptions.ts'
import { invalid, Problem } from '../http/problem.ts'
import { deliverParked } from './deliver-facts.ts'
import { permit } from './permit.ts'
import { readFact } from './read-fact.ts'

/**
 * Takes down what an outside system reports: handed to its order, or parked until there is one. A fact of a closed
 * order, too, stays parked, and becomes an exception.
 * @throws Problem
 */
export async function reportFact(
  deps: ApiDependencies,
  identity: Identity,
  key: OrderKey,
  request: FactRequest,
  log: Logger,
): Promise<FactState> {
  const found = await findOrder(deps, key)
  const read = readFact(request, found?.state.order)
  if (!read.ok) throw invalid(read.errors)
  await permitReporting(deps, identity, key, found)
  const known = await knownFact(deps, key.organisation, request)
  if (known?.state === 'taken') return 'taken'
  // The same id again changes nothing: not even the order that it is about.
  if (known !== null && known.orderNo !== key.orderNo) return known.state
  if (found !== null && found.state.closed === null) {
    const answer = await withWorkflow(deps, found.row, () => deps.orders.fact(key, read.fact))
    if (answer?.ok) {
      if (known !== null) await deps.store.markTaken(key.organisation, request.source, request.id)
      return 'taken'
    }
  }
  return park(deps, key, request, read.fact.claimedAt, found, log)
}

/** A store that is away keeps no order from taking a fact: that it has it already, it knows itself. */
async function knownFact(
  deps: ApiDependencies,
  organisation: string,
  { source, id }: FactRequest,
): Promise<FactRow | null> {
  try {
    return await deps.store.getFact(organisation, source, id)
  } catch (error) {
    if (error instanceof StoreUnavailable) return null
    throw error
  }
}

async function park(
  deps: ApiDependencies,
  { organisation, orderNo }: OrderKey,
  { id, source, type, data }: FactRequest,
  claimedAt: string,
  found: FoundOrder | null,
  log: Logger,
): Promise<FactState> {
  const receivedAt = deps.clock().toISOString()
  const parking = await deps.store.parkFact({ organisation, orderNo, source, id, type, claimedAt, data, receivedAt })
  if (found !== null) {
    if (found.state.closed !== null && parking.outcome === 'parked')
      await tellOfLateFact(deps, organisation, source, id)
    return parking.state
  }
  // The order may have come in the meantime, and have looked for its facts before this one was there.
  const born = await deps.store.getOrder(organisation, orderNo)
  if (born === null || born.startedAt === null) return parking.state
  await deliverParked(deps, born, log)
  return (await deps.store.getFact(organisation, source, id))?.state ?? parking.state
}

/** Somebody is told at once; should this process die before, the sweep finds the fact. */
async function tellOfLateFact(deps: ApiDependencies, organisation: string, source: string, id: string): Promise<void> {
  const fact = await deps.store.getFact(organisation, source, id)
  const row = fact === null ? null : await deps.store.getOrder(organisation, fact.orderNo)
  if (fact !== null && row !== null) await raiseLateFact(deps, row, fact)
}

async function permitReporting(
  deps: ApiDependencies,
  identity: Identity,
  key: OrderKey,
  found: FoundOrder | null,
): Promise<void> {
  if (found !== null) return permit(deps, identity, 'report', found)
  // Of an order that is not known yet, only those may report who may report of any.
  const free = Object.values((await deps.matrices.today())(identity.organisation)).some(matrix =>
    allowedRows(matrix, 'report', identity.roles).some(({ when }) => when === undefined),
  )
  if (free) return
  const refused = { command: 'report', code: 'not_permitted', message: 'none of your roles may report facts' } as const
  await recordRefusal(deps, identity, key, refused)
  throw new Problem(refused.code, refused.message)
}
