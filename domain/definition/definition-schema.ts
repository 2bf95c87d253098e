import { z } from 'zod'
import { durationText } from '../duration.ts'
import { factActions, factTypeText } from '../fact.ts'
import { stepStatuses } from '../status.ts'

/*
 * A process definition as its owner writes it (DESIGN section 6). Whether it can leave an order in limbo
 * is not this schema's business but the check's: here only the shape is judged, and unknown keys.
 */

export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'a lower-case name of at most 40 letters, digits, "-" and "_"')

/** As far as the store counts. */
export const versionNumber = z.int().positive().max(2_147_483_647)

const title = z.strictObject({ en: z.string().min(1).max(80), zh: z.string().min(1).max(80) })

/** A person (`zhao`) or a role (`role:finance`). */
export const ownerText = z
  .string()
  .regex(/^(role:)?[a-z][a-z0-9_-]{0,39}$/, 'a person like "zhao" or a role like "role:finance"')

/** Whom a rung tells: the step's owner, the owner's manager, the process owner, or an owner by name. */
const target = ownerText.describe('owner, manager, process-owner, a person or a role')

const on = z.record(factTypeText, z.enum(factActions))

const rungBase = { after: durationText }
const repeat = { every: durationText.optional() }
export const rungSchema = z.union(
  [
    z.strictObject({ ...rungBase, remind: target, ...repeat }),
    z.strictObject({ ...rungBase, escalate: target, ...repeat }),
    z.strictObject({ ...rungBase, transfer: target }),
    z.strictObject({ ...rungBase, fallback: z.enum(['cancel', 'review', 'continue', 'release']) }),
  ],
  { error: 'a rung is "after" with one of remind, escalate (both may have "every"), transfer or fallback' },
)
const ladder = z.array(rungSchema).max(20)

const rejection = z.union([z.enum(['cancel', 'review']), z.strictObject({ send_back: identifier })])

const stepBase = {
  id: identifier,
  title: title.optional(),
  status: identifier.describe(`one of ${stepStatuses.join(', ')} or of the definition's own statuses`),
  after: z.array(identifier).max(20).optional(),
  when: z.string().min(1).max(1000).optional().describe('CEL: whether the step is entered at all'),
  owner: ownerText.optional(),
  calendar: identifier.optional(),
  on: on.optional(),
  stopsAll: z.boolean().optional().describe('a review of this step stops the parallel branches too'),
  irreversible: z.literal(true).optional(),
  facet: z.enum(['approval', 'payment', 'fulfilment', 'none']).optional(),
  ladder: ladder.optional(),
}

const operation = factTypeText.describe('an operation of a connector, like payment.authorise')

export const stepSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('task'), ...stepBase, onReject: rejection.optional() }),
  z.strictObject({
    kind: z.literal('call'),
    ...stepBase,
    do: operation,
    undo: operation.optional(),
    retry: z
      .strictObject({
        initial: durationText.optional(),
        backoff: z.number().min(1).max(10).optional(),
        maximum: durationText.optional(),
        giveUpAfter: durationText.optional(),
      })
      .optional(),
    onFailure: z.enum(['review', 'cancel', 'continue']).optional(),
    partial: z
      .union([
        z.enum(['wait', 'split', 'cancel']),
        z.strictObject({ mode: z.enum(['wait', 'split', 'cancel']), ladder: ladder.optional() }),
      ])
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('wait'),
    ...stepBase,
    fact: factTypeText,
    undo: operation.optional(),
    check: operation.optional(),
  }),
])

const holdType = z.strictObject({
  title: title.optional(),
  owner: ownerText.optional(),
  blocks: z
    .strictObject({
      steps: z.union([z.literal('all'), z.array(identifier)]).optional(),
      commands: z.union([z.literal('all'), z.array(identifier)]).optional(),
    })
    .optional(),
  release: z.array(ownerText).min(1).optional().describe('the roles that may release it'),
  ladder: ladder.optional(),
})

export const definitionSchema = z.strictObject({
  process: identifier,
  version: versionNumber,
  title,
  owner: ownerText.describe('the process owner: a person'),
  calendar: identifier,
  flow: z.enum(['outbound', 'inbound', 'return', 'none']).optional(),
  runs: z.boolean().optional().describe('calls that follow each other form one activity'),
  silence: z.strictObject({ task: durationText.optional(), wait: durationText.optional() }).optional(),
  review: z.strictObject({ owner: ownerText, ladder }).optional(),
  on: on.optional(),
  statuses: z.record(identifier, z.strictObject({ title, counts_as: z.enum(stepStatuses) })).optional(),
  holds: z.record(identifier, holdType).optional(),
  steps: z.array(stepSchema).min(1).max(50),
  permissions: identifier.default('standard'),
})

export type Definition = z.infer<typeof definitionSchema>
export type StepDefinition = Definition['steps'][number]
export type RungDefinition = z.infer<typeof rungSchema>
