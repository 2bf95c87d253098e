import type { CallOutcome, CallRequest, Certainty } from '../domain/call.ts'

/** A named outside system. */
export interface Connector {
  /**
   * Resolves when the outside system has said what became of the call, for good. Throws `TransientError` where the
   * same call is to be tried again, and the signal's reason when it was aborted (it may have been done all the same).
   * `attempt` counts from 1.
   */
  call(request: CallRequest, signal: AbortSignal, attempt: number): Promise<CallOutcome>
}

/** No definite answer. `certainty` is about this attempt only: an earlier one may have been done. */
export class TransientError extends Error {
  readonly certainty: Certainty

  constructor(message: string, certainty: Certainty, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TransientError'
    this.certainty = certainty
  }
}
