import { createHash, randomUUID } from 'node:crypto'
import { whyNobody } from '../../commands/send-command.ts'
import { personNamed } from '../../domain/directory.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import type { BulkRow } from '../../store/bulks.ts'
import { canonicalJson } from '../../store/json-text.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { hashOf } from '../http/idempotency.ts'
import { invalid, Problem } from '../http/problem.ts'
import { mostOrders, type NewBulkBody } from '../schemas/bulk-schemas.ts'

/**
 * Looks up which orders are meant, keeps them, and starts the workflow that gives them the command. Should this process
 * die in between, a repetition or the sweep starts it.
 * @throws Problem
 */
export async function beginBulk(
  deps: ApiDependencies,
  identity: Identity,
  asked: NewBulkBody,
  idempotencyKey: string | undefined,
): Promise<BulkRow> {
  const { organisation, actor, service = false } = identity
  const { command, dryRun, perSecond } = asked
  const { orderNos, ...filter } = asked.selection
  if (command.type === 'transfer') {
    const nobody = await whyNobody(deps, identity, command.to)
    if (nobody !== undefined) throw invalid([{ field: 'command.to', message: nobody.message }])
  }
  const id = bulkId(identity, idempotencyKey)
  const requestHash = hashOf(asked)
  const known = await deps.store.getBulk({ organisation, id })
  const row =
    known ??
    (
      await deps.store.insertBulk(
        {
          ...{ organisation, id, requestHash, actor, roles: await ownRoles(deps, identity), service },
          ...{ command, filter: orderNos === undefined ? filter : null, dryRun, perSecond },
          createdAt: deps.clock().toISOString(),
        },
        orderNos === undefined ? await matching(deps, organisation, filter) : [...new Set(orderNos)],
      )
    ).row
  if (row.requestHash !== requestHash) {
    throw new Problem('idempotency_conflict', `the key "${idempotencyKey}" was used for another bulk`)
  }
  if (row.finishedAt === null) await start(deps, row)
  return row
}

async function matching(
  deps: ApiDependencies,
  organisation: string,
  filter: Omit<NewBulkBody['selection'], 'orderNos'>,
): Promise<readonly string[]> {
  const now = deps.clock().toISOString()
  const found = await deps.store.matchingOrders({ organisation, ...filter, now }, mostOrders)
  if (found.length <= mostOrders) return found
  throw invalid([{ field: 'selection', message: `more than ${mostOrders} orders match: choose fewer at once` }])
}

/** What has been accepted is started by the sweep, if not now. */
async function start({ orders, logger }: ApiDependencies, { organisation, id }: BulkRow): Promise<void> {
  try {
    await orders.runBulk({ organisation, id })
  } catch (error) {
    if (!(error instanceof OrdersUnavailable)) throw error
    logger.warn({ organisation, bulk: id, reason: error.message }, 'a bulk is still to be started')
  }
}

/** The same key is the same bulk, also where the answer was not kept. */
function bulkId({ organisation, actor }: Identity, key: string | undefined): string {
  if (key === undefined) return `b-${randomUUID()}`
  const digest = createHash('sha256').update(canonicalJson({ organisation, actor, key })).digest('hex')
  return `b-${digest.slice(0, 32)}`
}

/** Null: those that the directory gives them, which may be others tomorrow. */
async function ownRoles({ people }: ApiDependencies, identity: Identity): Promise<readonly string[] | null> {
  const { organisation, actor, roles, service = false } = identity
  const listed = personNamed(await people.today(), organisation, actor)
  if (listed === undefined || (listed.service ?? false) !== service) return roles
  const isSame = canonicalJson([...listed.roles].sort()) === canonicalJson([...roles].sort())
  return isSame ? null : roles
}
