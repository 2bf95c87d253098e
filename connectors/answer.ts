import { z } from 'zod'
import type { CallOutcome, CallRequest, CallResult } from '../domain/call.ts'
import { toMinor } from '../domain/money/money.ts'
import { TransientError } from './connector.ts'
import type { ConnectorDescription, OperationDescription } from './description.ts'

/** What an outside system answered, as it came. */
export interface Answer {
  readonly status: number
  readonly text: string
}

const longestMessage = 300

const lines = z.array(z.object({ line: z.int().positive(), sku: z.string(), quantity: z.int().nonnegative() }))
const reference = z.union([z.string(), z.number().transform(String)]).nullable()
const amount = z.union([z.string(), z.number()])
const parcels = z.array(z.object({ id: z.string().min(1), lines }))

/**
 * What an answer means. Throws `TransientError` for one that says: not now. An answer that nobody foresaw is no
 * proof that nothing was done.
 */
export function outcomeOf(
  answer: Answer,
  connector: ConnectorDescription,
  operation: OperationDescription,
  request: CallRequest,
): CallOutcome {
  const { status, text } = answer
  const content = parseJson(text)
  if (isOk(status, operation)) return resultOf(content, operation, request)

  const message = messageOf(answer, content, connector)
  const theirCode = connector.error?.code === undefined ? undefined : at(content, connector.error.code)
  const code = connector.codes?.[String(theirCode)] ?? operation.permanent?.[status]
  if (code !== undefined) return { ok: false, code, message, certainty: 'not_done' }

  if (status === 429) throw new TransientError(message, 'not_done')
  if (status === 408 || status === 425 || status >= 500) throw new TransientError(message, 'unknown')
  return { ok: false, code: `unexpected_${status}`, message, certainty: 'unknown' }
}

function isOk(status: number, { ok }: OperationDescription): boolean {
  return ok ? ok.includes(status) : status >= 200 && status < 300
}

function resultOf(content: unknown, { result }: OperationDescription, request: CallRequest): CallOutcome {
  if (!result) return { ok: true, result: {} }
  try {
    return {
      ok: true,
      result: {
        ...(result.reference === undefined ? {} : referenceFrom(reference.parse(at(content, result.reference)))),
        ...(result.amount === undefined
          ? {}
          : { amountMinor: minorFrom(amount.parse(at(content, result.amount)), request) }),
        ...(result.lines === undefined ? {} : { lines: lines.parse(at(content, result.lines)) }),
        ...(result.parcels === undefined ? {} : { parcels: parcels.parse(at(content, result.parcels)) }),
      },
    }
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    const message = `done, but the answer is not what the description says: ${reason}`.slice(0, longestMessage)
    return { ok: false, code: 'answer_not_understood', message, certainty: 'unknown' }
  }
}

function referenceFrom(value: string | null): Pick<CallResult, 'reference'> {
  return value === null ? {} : { reference: value }
}

function minorFrom(value: string | number, { input: { exponent } }: CallRequest): number {
  if (exponent === undefined) throw new Error('an amount came back for a call that is not about money')
  // Some systems write more zeros than the currency has digits.
  const text = String(value).replace(/\.0*$|(\.\d*?[1-9])0+$/, '$1')
  const minor = toMinor(text, exponent)
  if (!minor.ok) throw new Error(minor.reason)
  return minor.minor
}

function messageOf({ status, text }: Answer, content: unknown, { error }: ConnectorDescription): string {
  const message = error?.message === undefined ? undefined : at(content, error.message)
  return (typeof message === 'string' ? message : `${status} ${text}`.trim()).slice(0, longestMessage)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function at(content: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    return (value as Record<string, unknown>)[name]
  }, content)
}
