import { z } from 'zod'
import { absenceSchema, type Directory, type Person } from '../../domain/directory.ts'
import { awayAt, standInOf } from '../../domain/presence.ts'

export const personBodySchema = z.object({
  id: z.string(),
  name: z.object({ en: z.string(), zh: z.string() }),
  roles: z.array(z.string()),
  manager: z.string().nullable(),
  deputy: z.string().nullable(),
  calendar: z.string().nullable(),
  left: z.string().nullable(),
  service: z.boolean().describe('a backend, not a person'),
  absences: z.array(absenceSchema),
  away: z
    .object({
      because: z.enum(['absent', 'left']),
      until: z.string().nullable().describe('the last day'),
      standIn: z.string().nullable().describe('who acts meanwhile; null: nobody, so the process owner is told'),
    })
    .nullable()
    .describe('null: they are there'),
})

export type PersonBody = z.infer<typeof personBodySchema>

export function personBody(directory: Directory, person: Person, at: string): PersonBody {
  const { id, name, roles, manager = null, deputy = null, calendar = null, left = null, absences = [] } = person
  const away = awayAt(directory, person, at)
  return {
    id,
    name,
    roles,
    manager,
    deputy,
    calendar,
    left,
    service: person.service ?? false,
    absences,
    away:
      away === undefined
        ? null
        : {
            because: away.because,
            until: away.because === 'absent' ? away.until : null,
            standIn: standInOf(directory, person, at)?.id ?? null,
          },
  }
}
