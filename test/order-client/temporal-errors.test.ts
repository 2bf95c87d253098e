import assert from 'node:assert/strict'
import {
  ApplicationFailure,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import { reach, turnedAway } from '../../order-client/temporal-errors.ts'

const grpc = (code: number, details = '') =>
  new ServiceError('failed', { cause: Object.assign(new Error(details), { code, details, metadata: {} }) })
const failed = (type: string) =>
  new WorkflowUpdateFailedError('failed', ApplicationFailure.create({ type, message: 'x' }))

/** Asks something that fails in these ways, one after the other, and then answers. */
async function ask(...errors: Error[]): Promise<string | null> {
  const left = [...errors]
  return reach(async () => {
    const error = left.shift()
    if (error !== undefined) throw error
    return `answered after ${errors.length}`
  })
}

describe('what Temporal says', () => {
  it('[U] is asked again where the run or its workflow task ended meanwhile', async () => {
    assert.equal(await ask(failed('AcceptedUpdateCompletedWorkflow')), 'answered after 1')
    assert.equal(await ask(grpc(9), grpc(9)), 'answered after 2')
    await assert.rejects(ask(grpc(9), grpc(9), grpc(9), grpc(9)), OrdersUnavailable)
  })

  it('[U] is that there is no such workflow', async () => {
    assert.equal(await ask(new WorkflowNotFoundError('none', 'order/main/x', undefined)), null)
  })

  it('[U] is unavailable where asking again later may help', async () => {
    for (const error of [
      grpc(14),
      grpc(4),
      grpc(8),
      grpc(2),
      grpc(3, 'Namespace default has no mapping defined for search attribute OrderStatus'),
      failed('unavailable'),
      new WorkflowUpdateRPCTimeoutOrCancelledError('too long'),
    ]) {
      await assert.rejects(ask(error), OrdersUnavailable, error.message)
    }
  })

  it('[U] is otherwise an error of ours', async () => {
    for (const error of [grpc(3, 'bad id'), grpc(16), failed('invalid'), new TypeError('oh')]) {
      await assert.rejects(ask(error), error)
    }
    assert.equal(turnedAway(failed('invalid')), 'x')
    assert.equal(turnedAway(failed('other')), undefined)
  })
})
