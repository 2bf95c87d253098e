import { z } from 'zod'
import { durationText, parseDuration, wallMs } from '../domain/duration.ts'
import { unknownInBody, unknownInPath } from './template.ts'

/*
 * Outside systems described without code (`processes/connectors.yaml`). Unknown keys are refused, and so are
 * placeholders that no call has.
 */

/** A map whose keys have a form of their own; zod by itself would not say which. */
function mapOf<Value extends z.ZodType>(key: z.ZodString, value: Value, form: string) {
  return z.record(key, value, { error: issue => (issue.code === 'invalid_key' ? form : undefined) })
}

const ourCode = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'a code is written like "out_of_stock"')
const operationName = z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/)
const status = z.int().min(200).max(599)
const failureStatus = z.string().regex(/^[45]\d\d$/)
const connectorName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)

const path = z
  .string()
  .startsWith('/')
  .superRefine((text, context) => report(unknownInPath(text), context))
  .describe('with {placeholders}')

const body = z
  .record(z.string(), z.json())
  .superRefine((template, context) => report(unknownInBody(template), context))
  .describe(`with \${placeholders}; one that is the whole value keeps its type`)

/** Where in an answer something stands, like `data.items.0.id`. */
const answerPath = z.string().regex(/^[^.]+(\.[^.]+)*$/, 'a path within the answer, like "data.id"')

export const operationDescription = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path,
    body: body.optional(),
    idempotency: z
      .enum(['key', 'lookup', 'none'])
      .describe('key: an Idempotency-Key header is honoured; lookup: ask first whether it was done; none: try once'),
    lookup: z
      .strictObject({ method: z.enum(['GET', 'POST']), path })
      .optional()
      .describe('answers as the operation itself does, or 404 when the key was not done'),
    ok: z.array(status).min(1).optional().describe('statuses that mean done; default: 200 to 299'),
    permanent: mapOf(failureStatus, ourCode, 'a status from 400 to 599')
      .optional()
      .describe('statuses that mean: not done, and asking again is no use'),
    result: z
      .strictObject({ reference: answerPath, amount: answerPath, lines: answerPath, parcels: answerPath })
      .partial()
      .optional()
      .describe('where the answer says what was done; what is described must be there'),
  })
  .superRefine((operation, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message })
    if (operation.idempotency === 'lookup' && !operation.lookup) problem('idempotency: lookup needs a "lookup"')
    if (operation.idempotency !== 'lookup' && operation.lookup) problem('"lookup" is for idempotency: lookup')
    if (operation.method === 'GET' && operation.body) problem('a GET has no body')
  })

export const connectorDescription = z.strictObject({
  baseUrl: z.string().min(1).describe(`may hold \${ENVIRONMENT_VARIABLES}`),
  headers: z.record(z.string().min(1), z.string()).optional().describe(`may hold \${ENVIRONMENT_VARIABLES}`),
  timeout: durationText
    .refine(text => (parseDuration(text)?.days ?? 0) === 0, 'at most hours')
    .transform(text => wallMs(parseDuration(text)!))
    .default(10_000)
    .describe('of one attempt'),
  error: z
    .strictObject({ code: answerPath, message: answerPath })
    .partial()
    .optional()
    .describe("where a refusal says its code (the system's own) and its reason"),
  codes: z
    .record(z.string().min(1), ourCode)
    .optional()
    .describe("the system's own codes that mean: not done, and asking again is no use; with ours"),
  operations: mapOf(operationName, operationDescription, 'an operation is named like "payment.authorise"').refine(
    operations => Object.keys(operations).length > 0,
    'a connector offers something',
  ),
})

export const connectorsDescription = z.strictObject({
  connectors: mapOf(connectorName, connectorDescription, 'a connector has a lower-case name'),
})

export type OperationDescription = z.infer<typeof operationDescription>
export type ConnectorDescription = z.infer<typeof connectorDescription>
export type ConnectorsDescription = z.infer<typeof connectorsDescription>
export type Idempotency = OperationDescription['idempotency']

function report(unknown: readonly string[], context: z.RefinementCtx): void {
  for (const name of unknown) context.addIssue({ code: 'custom', message: `no call has "${name}"` })
}
