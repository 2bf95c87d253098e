import { z } from 'zod'
import { exceptionKinds, exceptionOutcomes, exceptionStatuses } from '../../domain/exception/kind.ts'
import type { StoredException } from '../../store/exceptions.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { changeException } from '../exceptions/change-exception.ts'
import { exceptionBody, findException, withHistory } from '../exceptions/find-exception.ts'
import { type Route, type RouteSpec, route } from '../http/route.ts'
import { exceptionSchema, exceptionWithHistorySchema, pageOf } from '../schemas/list-schemas.ts'
import { pageQuery } from '../schemas/parameter-schemas.ts'

const note = z.string().trim().min(1, 'say why').max(1000)
const acknowledgement = z.strictObject({ note: note.optional() })
const resolution = z.strictObject({ outcome: z.enum(exceptionOutcomes), note })
const reopening = z.strictObject({ reason: note })

export function exceptionRoutes(deps: ApiDependencies): Route[] {
  const one = {
    tag: 'Work',
    params: { id: z.string().describe('as the list names it') },
    find: ({ id = '' }, identity) => findException(deps, identity, id),
  } satisfies Partial<RouteSpec<StoredException, undefined, undefined>>
  const change = {
    ...one,
    method: 'post',
    answers: { 200: { description: 'The exception as it then is', schema: exceptionWithHistorySchema } },
    problems: ['not_found', 'not_permitted', 'not_applicable'],
  } as const
  return [
    route({
      method: 'get',
      path: '/api/exceptions',
      tag: 'Work',
      summary: 'What is abnormal, newest first',
      query: z.strictObject({
        status: z.enum(exceptionStatuses).optional(),
        kind: z.enum(exceptionKinds).optional(),
        owner: z.string().max(60).optional(),
        orderNo: z.string().max(64).optional(),
        ...pageQuery,
      }),
      answers: { 200: { description: 'A page of exceptions', schema: pageOf(exceptionSchema) } },
      problems: [],
      async handle({ identity, query }) {
        const page = await deps.store.listExceptions({ organisation: identity.organisation, ...query })
        return { status: 200, body: { items: page.items.map(exceptionBody), nextCursor: page.nextCursor } }
      },
    }),
    route({
      ...one,
      method: 'get',
      path: '/api/exceptions/{id}',
      summary: 'An exception, and who did what about it',
      answers: { 200: { description: 'The exception', schema: exceptionWithHistorySchema } },
      problems: ['not_found'],
      async handle({ found }) {
        return { status: 200, body: await withHistory(deps, found) }
      },
    }),
    route({
      ...change,
      path: '/api/exceptions/{id}/acknowledge',
      summary: 'Somebody looks into it: its ladder stops for a while; acknowledged already, nothing changes',
      body: acknowledgement,
      async handle({ identity, found, body }) {
        const answer = await changeException(deps, identity, 'acknowledge', found, body.note ?? null, said =>
          deps.store.acknowledgeException(found.organisation, found.id, said),
        )
        return { status: 200, body: answer }
      },
    }),
    route({
      ...change,
      path: '/api/exceptions/{id}/resolve',
      summary:
        'It is over, was none, or is accepted; nothing is done to its order; resolved so already, nothing changes',
      body: resolution,
      async handle({ identity, found, body: { outcome, note: why } }) {
        const answer = await changeException(deps, identity, 'resolve', found, why, said =>
          deps.store.resolveException(found.organisation, found.id, { ...said, outcome }),
        )
        return { status: 200, body: answer }
      },
    }),
    route({
      ...change,
      path: '/api/exceptions/{id}/reopen',
      summary: 'It was resolved, and is not over: its ladder begins anew',
      body: reopening,
      async handle({ identity, found, body: { reason } }) {
        const answer = await changeException(deps, identity, 'reopen', found, reason, said =>
          deps.store.reopenException(found.organisation, found.id, said),
        )
        return { status: 200, body: answer }
      },
    }),
  ]
}
