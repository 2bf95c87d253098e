import { z } from 'zod'
import type { Identity } from '../../domain/permission/caller.ts'
import { createKey, keyBody } from '../auth/manage-keys.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'
import { type Route, route } from '../http/route.ts'
import { createdKeySchema, keySchema, newKeySchema } from '../schemas/key-schemas.ts'
import { pageOf } from '../schemas/list-schemas.ts'
import { pageQuery } from '../schemas/parameter-schemas.ts'

/** API keys of the caller's organisation. Only an admin may know of them. */
export function keyRoutes(deps: ApiDependencies): Route[] {
  return [listRoute(deps), createRoute(deps), revokeRoute(deps)]
}

function onlyAdmins({ roles }: Identity): void {
  if (!roles.includes('admin')) throw new Problem('not_permitted', 'keys are for the role admin')
}

function listRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/keys',
    tag: 'Keys',
    summary: 'The API keys of the organisation, newest first, without the keys themselves',
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'A page of keys', schema: pageOf(keySchema) } },
    problems: ['not_permitted'],
    async handle({ identity, query }) {
      onlyAdmins(identity)
      const { items, nextCursor } = await deps.store.listApiKeys({ organisation: identity.organisation, ...query })
      return { status: 200, body: { items: items.map(keyBody), nextCursor } }
    },
  })
}

function createRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/api/keys',
    tag: 'Keys',
    summary: 'Make an API key for a person of the directory or for a service account; it is shown this once',
    body: newKeySchema,
    answersSecret: true,
    answers: { 201: { description: 'The key', schema: createdKeySchema } },
    problems: ['not_permitted'],
    async handle({ identity, body, log }) {
      onlyAdmins(identity)
      const { organisation, actor } = identity
      const maker = { organisation, by: actor, now: deps.clock().toISOString() }
      const created = await createKey(deps.store, await deps.people.today(), body, maker)
      log.info({ key: created.id, holder: created.actor }, 'key created')
      return { status: 201, body: created }
    },
  })
}

function revokeRoute(deps: ApiDependencies): Route {
  return route({
    method: 'delete',
    path: '/api/keys/{id}',
    tag: 'Keys',
    summary: 'Revoke an API key; revoked once, it stays as it was',
    params: { id: z.string().describe('of the key, not the key itself') },
    answers: { 200: { description: 'The key, revoked', schema: keySchema } },
    problems: ['not_permitted', 'not_found'],
    async handle({ identity, params: { id = '' }, log }) {
      onlyAdmins(identity)
      const { organisation, actor } = identity
      const row = /^key-[0-9a-f]{12}$/.test(id)
        ? await deps.store.revokeApiKey(organisation, id, actor, deps.clock().toISOString())
        : null
      if (row === null) throw new Problem('not_found', 'there is no such key')
      deps.keys.forget()
      log.info({ key: row.id, holder: row.actor }, 'key revoked')
      return { status: 200, body: keyBody(row) }
    },
  })
}
