import { z } from 'zod'
import { identifier } from './definition/definition-schema.ts'

/** How a person can be reached. In the demo the inbox counts as delivery. */
export const channels = ['inbox'] as const

const person = z.strictObject({
  id: identifier,
  name: z.strictObject({ en: z.string().min(1), zh: z.string().min(1) }),
  organisation: identifier.default('main'),
  roles: z.array(identifier).default([]),
  manager: identifier.optional(),
  channels: z.array(z.enum(channels)).default(['inbox']).describe('where notices go; none: the person cannot be told'),
  service: z.literal(true).optional().describe('a backend, not a person: owns nothing and is never told'),
})

/** The people of `processes/people.yaml`: who has which role, and whose manager is who. */
export const directorySchema = z.strictObject({ people: z.array(person).min(1) }).superRefine(({ people }, context) => {
  const problem = (index: number, field: string, message: string) =>
    context.addIssue({ code: 'custom', path: ['people', index, field], message })
  const byId = new Map(people.map(one => [one.id, one]))
  for (const [index, one] of people.entries()) {
    if (byId.get(one.id) !== one) problem(index, 'id', `"${one.id}" is listed twice`)
    if (one.manager !== undefined && !byId.has(one.manager))
      problem(index, 'manager', `nobody is called "${one.manager}"`)
    const seen = new Set([one.id])
    let above = one.manager
    while (above !== undefined && !seen.has(above)) {
      seen.add(above)
      above = byId.get(above)?.manager
    }
    if (above === one.id) problem(index, 'manager', `a loop: "${one.id}" is in the end their own manager`)
  }
})

export type Directory = z.infer<typeof directorySchema>
export type Person = Directory['people'][number]

export function personNamed(directory: Directory, id: string): Person | undefined {
  return directory.people.find(person => person.id === id)
}

/**
 * The people that a target means today: a person, a role (`role:finance`), or `manager`, of the owner's people.
 * Nobody there: an empty list.
 */
export function resolve(directory: Directory, organisation: string, target: string, owner: string): Person[] {
  const people = directory.people.filter(person => person.organisation === organisation && person.service === undefined)
  if (target === 'manager') {
    const managers = resolve(directory, organisation, owner, owner).map(person => person.manager)
    return people.filter(person => managers.includes(person.id))
  }
  if (target.startsWith('role:')) return people.filter(person => person.roles.includes(target.slice('role:'.length)))
  return people.filter(person => person.id === target)
}

export function isReachable(person: Person): boolean {
  return person.channels.length > 0
}
