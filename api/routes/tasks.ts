import { z } from 'zod'
import type { Identity } from '../../domain/permission/caller.ts'
import type { StoredTask } from '../../store/tasks.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { invalid } from '../http/problem.ts'
import { type Route, route } from '../http/route.ts'
import { pageOf, type TaskBody, taskSchema } from '../schemas/list-schemas.ts'
import { flag, pageQuery } from '../schemas/parameter-schemas.ts'

export function taskRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/tasks',
      tag: 'Work',
      summary: "The caller's inbox, or another owner's: nearest deadline first",
      query: z.strictObject({
        mine: flag
          .optional()
          .describe(
            'of the caller, their roles, and of those in whose place they act: so it is unless an owner is named',
          ),
        owner: z.string().max(60).optional().describe('a person, or a role as "role:finance"'),
        ...pageQuery,
      }),
      answers: { 200: { description: 'A page of tasks', schema: pageOf(taskSchema) } },
      problems: [],
      async handle({ identity, query: { mine, owner, ...page } }) {
        if (mine === false && owner === undefined) throw invalid([{ field: 'owner', message: 'say whose' }])
        if (mine && owner !== undefined) throw invalid([{ field: 'owner', message: 'leave it out, or mine' }])
        const { organisation } = identity
        const filter = owner === undefined ? { owners: ownersOf(identity) } : { owners: [owner], pool: owner }
        const now = deps.clock().toISOString()
        const { items, nextCursor } = await deps.store.listTasks({ organisation, ...filter, ...page })
        return { status: 200, body: { items: items.map(task => taskBody(task, now)), nextCursor } }
      },
    }),
  ]
}

/** Theirs, their roles', and what those would see in whose place they act. */
function ownersOf({ actor, roles, standsInFor = [] }: Identity): string[] {
  const people = [{ id: actor, roles }, ...standsInFor]
  return [...new Set(people.flatMap(({ id, roles }) => [id, ...roles.map(role => `role:${role}`)]))]
}

function taskBody({ organisation: _organisation, status, ...task }: StoredTask, now: string): TaskBody {
  return { ...task, status: status as TaskBody['status'], overdue: task.dueAt !== null && task.dueAt < now }
}
