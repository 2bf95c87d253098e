import { setTimeout as pause } from 'node:timers/promises'
import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common'
import { OrdersUnavailable } from './order-client.ts'

/** Codes of gRPC (google.rpc.Code) that are told apart here. */
const grpc = {
  unknown: 2,
  invalidArgument: 3,
  failedPrecondition: 9,
  unimplemented: 12,
  permissionDenied: 7,
  unauthenticated: 16,
} as const

const mostAttempts = 4
const pauseMs = 100

/**
 * Asks Temporal, and once more (the same, under the same id) where the run or its workflow task ended meanwhile: then
 * it is not known whether it was done. Null: no such workflow runs.
 * @throws OrdersUnavailable
 */
export async function reach<T>(ask: () => Promise<T>): Promise<T | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null
      if (!endedMeanwhile(error)) throw unavailableOr(error)
      if (attempt === mostAttempts) throw new OrdersUnavailable('the order is busy', { cause: error })
      await pause(attempt * pauseMs)
    }
  }
}

function endedMeanwhile(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) return failureType(error) === 'AcceptedUpdateCompletedWorkflow'
  return codeOf(error) === grpc.failedPrecondition
}

function failureType(error: WorkflowUpdateFailedError): string | null | undefined {
  return error.cause instanceof ApplicationFailure ? error.cause.type : undefined
}

/** What the order turned away as malformed, which the API should not have let through; undefined: something else. */
export function turnedAway(error: unknown): string | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || failureType(error) !== 'invalid') return
  return error.cause?.message
}

function unavailableOr(error: unknown): unknown {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new OrdersUnavailable('the order did not answer in time', { cause: error })
  }
  if (error instanceof WorkflowUpdateFailedError && failureType(error) === 'unavailable') {
    return new OrdersUnavailable('the order has too much waiting for the store', { cause: error })
  }
  if (error instanceof NamespaceNotFoundError) return new OrdersUnavailable(error.message, { cause: error })
  const code = codeOf(error)
  if (code === undefined) return error
  // Workers register the search attributes: before the first of them has run, no order can be started.
  const tooEarly = code === grpc.invalidArgument && /search attribute/i.test(String((error as Error).cause))
  const forGood: readonly number[] = [
    grpc.invalidArgument,
    grpc.unimplemented,
    grpc.permissionDenied,
    grpc.unauthenticated,
  ]
  if (forGood.includes(code) && !tooEarly) return error
  return new OrdersUnavailable(tooEarly ? 'no worker has run yet' : 'Temporal cannot be reached', { cause: error })
}

/** The gRPC code of an error of the client, or of the connection underneath; undefined: it is of another kind. */
function codeOf(error: unknown): number | undefined {
  if (error instanceof ServiceError) return codeOf(error.cause) ?? grpc.unknown
  return isGrpcServiceError(error) ? error.code : undefined
}
