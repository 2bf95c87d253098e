import { z } from 'zod'
import { type Absence, absenceSchema, flawsOf, type Person, personNamed } from '../../domain/directory.ts'
import { isAbove } from '../../domain/presence.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { invalid, Problem } from '../http/problem.ts'
import { type Route, route } from '../http/route.ts'
import { personBody, personBodySchema } from '../people/person-body.ts'
import { pageOf } from '../schemas/list-schemas.ts'

export function peopleRoutes(deps: ApiDependencies): Route[] {
  return [listRoute(deps), absencesRoute(deps)]
}

function listRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/people',
    tag: 'People',
    summary: 'Everybody of the organisation, and who is away',
    answers: { 200: { description: 'All of them, on one page', schema: pageOf(personBodySchema) } },
    problems: [],
    async handle({ identity: { organisation } }) {
      const directory = await deps.people.today()
      const at = deps.clock().toISOString()
      const people = directory.people.filter(person => person.organisation === organisation)
      return { status: 200, body: { items: people.map(person => personBody(directory, person, at)), nextCursor: null } }
    },
  })
}

function absencesRoute(deps: ApiDependencies): Route {
  return route({
    method: 'put',
    path: '/api/people/{id}/absences',
    tag: 'People',
    summary: 'Says when somebody is away, in the place of what was known: oneself, for those below one, or as admin',
    params: { id: z.string().describe('of the person') },
    async find({ id = '' }, { organisation }) {
      const person = personNamed(await deps.people.today(), organisation, id)
      if (person === undefined) throw new Problem('not_found', `nobody here is called "${id}"`)
      return person
    },
    body: z.strictObject({ absences: z.array(absenceSchema).max(50) }),
    answers: { 200: { description: 'The person as they now are', schema: personBodySchema } },
    problems: ['not_found', 'not_permitted'],
    async handle({ identity, found: person, body: { absences } }) {
      const { organisation, actor, roles } = identity
      const people = (await deps.people.today()).people.filter(other => other.organisation === organisation)
      refuseFlaws(people, person, absences)
      if (actor !== person.id && !roles.includes('admin') && !isAbove(people, actor, person)) {
        throw new Problem('not_permitted', `only ${person.id}, whoever is above them, or an admin may say that`)
      }
      const at = deps.clock().toISOString()
      if (!(await deps.store.setAbsences(person, absences, actor, at))) {
        throw new Problem('not_found', `nobody here is called "${person.id}"`)
      }
      deps.people.forget()
      const today = await deps.people.today()
      return { status: 200, body: personBody(today, { ...person, absences }, at) }
    },
  })
}

/** @throws Problem invalid where a deputy cannot stand in */
function refuseFlaws(people: readonly Person[], person: Person, absences: Absence[]): void {
  const changed = people.map(other => (other.id === person.id ? { ...other, absences } : other))
  const index = changed.findIndex(({ id }) => id === person.id)
  const flaws = flawsOf(changed).filter(({ path }) => path[0] === index && path[1] === 'absences')
  if (flaws.length > 0) {
    throw invalid(flaws.map(({ path, message }) => ({ field: path.slice(1).join('.'), message })))
  }
}
