import { z } from 'zod'
import { bulkStates } from '../../domain/bulk/bulk.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { BulkRow } from '../../store/bulks.ts'
import { beginBulk } from '../bulk/begin-bulk.ts'
import { bulkBody, bulkResult, listedBulk } from '../bulk/bulk-body.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'
import { type Route, route } from '../http/route.ts'
import {
  bulkResultSchema,
  bulkSchema,
  listedBulkSchema,
  newBulkSchema,
  resultOutcomes,
} from '../schemas/bulk-schemas.ts'
import { pageOf } from '../schemas/list-schemas.ts'
import { pageQuery } from '../schemas/parameter-schemas.ts'

/** The same command for many orders. What may be asked of each is judged there: to begin a bulk needs no right. */
export function bulkRoutes(deps: ApiDependencies): Route[] {
  return [beginRoute(deps), listRoute(deps), getRoute(deps), resultsRoute(deps), cancelRoute(deps)]
}

function beginRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/api/bulk',
    tag: 'Bulk',
    summary: 'Give many orders the same command, one after the other',
    body: newBulkSchema,
    answers: { 202: { description: 'It has begun', schema: bulkSchema } },
    problems: [],
    async handle({ identity, body, idempotencyKey, log }) {
      const row = await beginBulk(deps, identity, body, idempotencyKey)
      log.info({ bulk: row.id, command: body.command.type, orders: row.size, dryRun: row.dryRun }, 'bulk begun')
      return { status: 202, body: await shown(deps, row) }
    },
  })
}

function listRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/bulk',
    tag: 'Bulk',
    summary: "The caller's bulks, newest first; an auditor or admin sees everybody's",
    query: z.strictObject({ state: z.enum(bulkStates).optional(), ...pageQuery }),
    answers: { 200: { description: 'A page of bulks', schema: pageOf(listedBulkSchema) } },
    problems: [],
    async handle({ identity, query }) {
      const { organisation, actor } = identity
      const whose = seesAll(identity) ? {} : { actor }
      const { items, nextCursor } = await deps.store.listBulks({ organisation, ...whose, ...query })
      return { status: 200, body: { items: items.map(listedBulk), nextCursor } }
    },
  })
}

/** What every route to one bulk has in common. Somebody else's is none. */
const ofOne = (deps: ApiDependencies) => ({
  tag: 'Bulk',
  params: { id: z.string() },
  async find({ id = '' }: Readonly<Record<string, string>>, identity: Identity): Promise<BulkRow> {
    const { organisation, actor } = identity
    const row = /^b-[0-9a-f-]{32,36}$/.test(id) ? await deps.store.getBulk({ organisation, id }) : null
    if (row === null || (row.actor !== actor && !seesAll(identity))) {
      throw new Problem('not_found', 'there is no such bulk')
    }
    return row
  },
})

function getRoute(deps: ApiDependencies): Route {
  return route({
    ...ofOne(deps),
    method: 'get',
    path: '/api/bulk/{id}',
    summary: 'How far a bulk has come',
    answers: { 200: { description: 'The bulk', schema: bulkSchema } },
    problems: ['not_found'],
    handle: async ({ found }) => ({ status: 200, body: await shown(deps, found) }),
  })
}

function resultsRoute(deps: ApiDependencies): Route {
  return route({
    ...ofOne(deps),
    method: 'get',
    path: '/api/bulk/{id}/results',
    summary: 'What became of each order',
    query: z.strictObject({ outcome: z.enum(resultOutcomes).optional(), ...pageQuery }),
    answers: { 200: { description: 'A page of results', schema: pageOf(bulkResultSchema) } },
    problems: ['not_found'],
    async handle({ found: { organisation, id }, query }) {
      const { items, nextCursor } = await deps.store.listOfBulk({ organisation, id, ...query })
      return { status: 200, body: { items: items.map(bulkResult), nextCursor } }
    },
  })
}

function cancelRoute(deps: ApiDependencies): Route {
  return route({
    ...ofOne(deps),
    method: 'post',
    path: '/api/bulk/{id}/cancel',
    summary: 'Send nothing more: what was done stays done; cancelled already, nothing changes',
    answers: { 202: { description: 'The bulk, which ends in a moment', schema: bulkSchema } },
    problems: ['not_found', 'not_permitted', 'not_applicable'],
    async handle({ identity, found, log }) {
      const { actor, roles } = identity
      if (found.actor !== actor && !roles.includes('admin')) {
        throw new Problem('not_permitted', 'a bulk is cancelled by whoever began it, or by an admin')
      }
      const row = (await deps.store.cancelBulk(found, actor, deps.clock().toISOString())) ?? found
      if (row.state === 'done') throw new Problem('not_applicable', 'the bulk is done: nothing is left to cancel')
      log.info({ bulk: row.id }, 'bulk cancelled')
      return { status: 202, body: await shown(deps, row) }
    },
  })
}

function seesAll({ roles }: Identity): boolean {
  return roles.includes('admin') || roles.includes('auditor')
}

async function shown(deps: ApiDependencies, row: BulkRow) {
  return bulkBody(row, await deps.store.countBulk(row))
}
