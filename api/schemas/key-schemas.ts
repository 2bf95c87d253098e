import { z } from 'zod'
import { identifier } from '../../domain/definition/definition-schema.ts'
import { time } from './order-body-schema.ts'

const expiresAt = z.iso
  .datetime({ offset: true, error: 'a time like 2027-01-31T00:00:00Z' })
  .optional()
  .describe('default: it stays good until it is revoked')
const note = z.string().min(1).max(200).optional().describe('what it is for, for whoever reads the list')

/** For whom a key is made: a person of the directory, who has the roles that they have there, or a service account. */
export const newKeySchema = z.union([
  z.strictObject({ person: identifier, expiresAt, note }),
  z.strictObject({ service: identifier, roles: z.array(identifier).min(1).max(20), expiresAt, note }),
])
export type NewKey = z.infer<typeof newKeySchema>

export const keySchema = z.object({
  id: z.string(),
  actor: z.string().describe('who acts with it'),
  kind: z.enum(['person', 'service']),
  roles: z.array(z.string()).describe("of a service; a person's are those of the directory"),
  note: z.string().nullable(),
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable().describe('to the minute'),
  revokedAt: time.nullable(),
  revokedBy: z.string().nullable(),
})
export type KeyBody = z.infer<typeof keySchema>

export const createdKeySchema = keySchema.extend({ key: z.string().describe('shown now and never again') })
export type CreatedKeyBody = z.infer<typeof createdKeySchema>
