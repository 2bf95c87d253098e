import type { CallOutcome, CallRequest } from '../domain/call.ts'
import { outcomeOf } from './answer.ts'
import { type Connector, TransientError } from './connector.ts'
import type { ConnectorDescription, OperationDescription } from './description.ts'
import { type Exchange, exchange } from './exchange.ts'
import { fillBody, fillPath, MissingInputError } from './template.ts'

/** Calls an outside system over HTTP as its description says. The description's variables are already filled in. */
export class HttpConnector implements Connector {
  readonly #description: ConnectorDescription

  constructor(description: ConnectorDescription) {
    this.#description = description
  }

  async call(request: CallRequest, signal: AbortSignal, attempt: number): Promise<CallOutcome> {
    signal.throwIfAborted()
    const operation = this.#description.operations[request.operation]
    if (!operation) return notDone('no_such_operation', `no ${request.operation} here`)
    try {
      switch (operation.idempotency) {
        case 'key':
          return await this.#do(operation, request, signal)
        case 'lookup':
          return (await this.#lookUp(operation, request, signal)) ?? (await this.#do(operation, request, signal))
        case 'none':
          return await this.#tryOnce(operation, request, signal, attempt)
        default:
          return operation.idempotency satisfies never
      }
    } catch (error) {
      if (error instanceof MissingInputError) return notDone('missing_input', error.message)
      throw error
    }
  }

  async #do(operation: OperationDescription, request: CallRequest, signal: AbortSignal): Promise<CallOutcome> {
    const body = operation.body && fillBody(operation.body, request)
    const to = this.#address(operation, request)
    const headers: Record<string, string> =
      operation.idempotency === 'key' ? { ...to.headers, 'idempotency-key': request.key } : to.headers
    const answer = await exchange({ ...to, headers, body }, signal)
    return outcomeOf(answer, this.#description, operation, request)
  }

  /**
   * Asks whether the key was done; undefined: it was not. Asked at the first attempt too, since a person's retry
   * begins with one after attempts that nobody knows the outcome of.
   */
  async #lookUp(
    operation: OperationDescription,
    request: CallRequest,
    signal: AbortSignal,
  ): Promise<CallOutcome | undefined> {
    const answer = await exchange(this.#address(operation.lookup!, request), signal)
    return answer.status === 404 ? undefined : outcomeOf(answer, this.#description, operation, request)
  }

  /** Nothing tells a repetition from a second order: what may have been done is never sent again. */
  async #tryOnce(
    operation: OperationDescription,
    request: CallRequest,
    signal: AbortSignal,
    attempt: number,
  ): Promise<CallOutcome> {
    if (attempt > 1) return outcomeUnknown(`attempt ${attempt}: an earlier one may have been done`)
    try {
      return await this.#do(operation, request, signal)
    } catch (error) {
      if (error instanceof TransientError && error.certainty === 'not_done')
        return notDone('unavailable', error.message)
      if (error instanceof TransientError) return outcomeUnknown(error.message)
      if (signal.aborted) return outcomeUnknown('given up before it was answered')
      throw error
    }
  }

  #address(
    { method, path }: Pick<OperationDescription, 'method' | 'path'>,
    request: CallRequest,
  ): Omit<Exchange, 'body' | 'headers'> & { readonly headers: Record<string, string> } {
    const { baseUrl, headers = {}, timeout } = this.#description
    return { method, url: `${baseUrl}${fillPath(path, request)}`, headers, timeoutMs: timeout }
  }
}

function notDone(code: string, message: string): CallOutcome {
  return { ok: false, code, message, certainty: 'not_done' }
}

function outcomeUnknown(message: string): CallOutcome {
  return { ok: false, code: 'outcome_unknown', message, certainty: 'unknown' }
}
