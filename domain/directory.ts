import { z } from 'zod'
import type { CompiledCalendar } from './calendar/compile-calendar.ts'
import { dayNumber } from './calendar/day.ts'
import { identifier } from './definition/definition-schema.ts'
import { type Address, addressSchema, type ChannelsDescription, languages } from './notice/channels-schema.ts'
import { quietHoursSchema } from './notice/quiet-hours.ts'

const way = z.union([identifier, addressSchema], { error: 'a channel is a name, or { channel, address }' })

const date = z.string().refine(text => dayNumber(text) !== undefined, 'a date like 2026-10-01')

export const absenceSchema = z
  .strictObject({
    from: date.describe('the first day away'),
    until: date.describe('the last day away'),
    deputy: identifier.optional().describe('who stands in this time; default: the usual deputy'),
    reason: z.string().max(200).optional(),
  })
  .refine(({ from, until }) => from <= until, { path: ['until'], message: 'the absence ends before it begins' })

const personSchema = z.strictObject({
  id: identifier,
  name: z.strictObject({ en: z.string().min(1), zh: z.string().min(1) }),
  organisation: identifier.default('main'),
  roles: z.array(identifier).default([]),
  manager: identifier.optional(),
  deputy: identifier.optional().describe('who stands in while they are away'),
  absences: z.array(absenceSchema).max(50).optional(),
  calendar: identifier.optional().describe('their working hours, and the time zone of their absences'),
  left: date.optional().describe('the first day on which they no longer work here'),
  channels: z
    .array(way)
    .max(10)
    .default(['inbox'])
    .describe('where notices go, the first that works; none: the person cannot be told'),
  language: z.enum(languages).optional().describe('of the notices; default: en'),
  quietHours: quietHoursSchema.optional(),
  service: z.literal(true).optional().describe('a backend, not a person: owns nothing and is never told'),
})

export type Person = z.infer<typeof personSchema>
export type Absence = z.infer<typeof absenceSchema>

/** The people, and the calendars that they name. */
export interface Directory {
  readonly people: Person[]
  readonly calendars?: Readonly<Record<string, CompiledCalendar>>
}

/** `processes/people.yaml`: who has which role, whose manager is who, and who stands in for whom. */
export const directorySchema = z
  .strictObject({
    calendar: identifier.optional().describe('of everybody who names none'),
    people: z.array(personSchema).min(1),
  })
  .superRefine(({ people }, context) => {
    for (const { path, message } of flawsOf(people))
      context.addIssue({ code: 'custom', path: ['people', ...path], message })
  })
  .transform(
    ({ calendar, people }): Directory => ({
      people: calendar === undefined ? people : people.map(person => ({ calendar, ...person })),
    }),
  )

interface Flaw {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Whom the people name, and who does not exist, or may not be named. */
export function flawsOf(people: readonly Person[]): Flaw[] {
  const byId = new Map(people.map(one => [one.id, one]))
  return people.flatMap((one, index) => {
    const flaws: Flaw[] = []
    if (byId.get(one.id) !== one) flaws.push({ path: [index, 'id'], message: `"${one.id}" is listed twice` })
    if (reserved.includes(one.id)) flaws.push({ path: [index, 'id'], message: `"${one.id}" means something else` })
    if (one.manager !== undefined && !byId.has(one.manager))
      flaws.push({ path: [index, 'manager'], message: `nobody is called "${one.manager}"` })
    if (isOwnManager(one, byId))
      flaws.push({ path: [index, 'manager'], message: `a loop: "${one.id}" is in the end their own manager` })
    const deputies = [
      ...(one.deputy === undefined ? [] : [{ path: ['deputy'], id: one.deputy }]),
      ...(one.absences ?? []).flatMap(({ deputy }, place) =>
        deputy === undefined ? [] : [{ path: ['absences', place, 'deputy'], id: deputy }],
      ),
    ]
    for (const { path, id } of deputies) {
      const message = deputyFlaw(one, id, byId.get(id))
      if (message !== undefined) flaws.push({ path: [index, ...path], message })
    }
    return flaws
  })
}

/** What a rung may tell instead of a person. */
const reserved = ['owner', 'manager', 'process-owner', 'last-resort']

function isOwnManager(one: Person, byId: ReadonlyMap<string, Person>): boolean {
  const seen = new Set([one.id])
  let above = one.manager
  while (above !== undefined && !seen.has(above)) {
    seen.add(above)
    above = byId.get(above)?.manager
  }
  return above === one.id
}

/** Why a person cannot have such a deputy. Two may stand in for each other: whoever is there does. */
function deputyFlaw(one: Person, id: string, deputy: Person | undefined): string | undefined {
  if (deputy === undefined) return `nobody is called "${id}"`
  if (id === one.id) return `"${id}" cannot stand in for themselves`
  if (deputy.service) return `"${id}" is a backend, not a person`
  if (deputy.organisation !== one.organisation) return `"${id}" belongs to another organisation`
  return
}

export function personNamed(directory: Directory, organisation: string, id: string): Person | undefined {
  return directory.people.find(person => person.id === id && person.organisation === organisation)
}

/**
 * The people that a target means, there or not: a person, a role (`role:finance`), or `manager`, of the owner's people.
 * Nobody: an empty list.
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

export function waysTo(person: Pick<Person, 'channels'>): Address[] {
  return person.channels.map(one => (typeof one === 'string' ? { channel: one } : one))
}

/**
 * The directory as far as telling people goes: where the inbox alone is no delivery, it is none of their channels.
 * (Notices are in it all the same.)
 */
export function withDeliveringChannels(directory: Directory, { inboxIsDelivery }: ChannelsDescription): Directory {
  if (inboxIsDelivery) return directory
  const people = directory.people.map(person => ({
    ...person,
    channels: waysTo(person).filter(({ channel }) => channel !== 'inbox'),
  }))
  return { ...directory, people }
}
