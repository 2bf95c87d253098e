import assert from 'node:assert/strict'
import { ActivityCancellationDetails, ApplicationFailure } from '@temporalio/common'
import { callOperation } from '../../activities/call-operation.ts'
import { TransientError } from '../../connectors/connector.ts'
import { callOf, connectorsThat, inActivity, quietEnvironment, stored } from './samples.ts'

const input = callOf('payment.authorise')
const outcome = { ok: true, result: { reference: 'r1' } } as const

describe('the activity of a call', () => {
  it('[U] brings back what the connector says, and how far the journal was stored in passing', async () => {
    const call = callOperation({ connectors: connectorsThat(async () => outcome) }, stored)
    assert.deepEqual(await inActivity(call, input), { outcome, stored: 7 })
  })

  it('[U] brings it back although the journal cannot be stored, or not in time', async () => {
    const connectors = connectorsThat(async () => outcome)
    for (const append of [() => Promise.reject(new Error('away')), () => new Promise<never>(() => {})]) {
      const begun = performance.now()
      const carried = await inActivity(callOperation({ connectors }, append), input)
      assert.deepEqual(carried, { outcome })
      assert.ok(performance.now() - begun < 3000)
    }
  })

  const failureOf = async (attempt: number, error: Error): Promise<ApplicationFailure> => {
    const call = callOperation({ connectors: connectorsThat(() => Promise.reject(error)) }, stored)
    const failure = await inActivity(call, input, quietEnvironment({ attempt })).then(
      () => assert.fail('it came back'),
      (thrown: unknown) => thrown,
    )
    assert.ok(failure instanceof ApplicationFailure)
    assert.equal(failure.nonRetryable, false)
    assert.equal(failure.type, 'transient')
    return failure
  }

  it('[U] is tried again when there is no answer; only of a first attempt can it be known that nothing was done', async () => {
    assert.deepEqual((await failureOf(1, new TransientError('refused', 'not_done'))).details, ['not_done'])
    assert.deepEqual((await failureOf(2, new TransientError('refused', 'not_done'))).details, ['unknown'])
    assert.deepEqual((await failureOf(1, new Error('what is this?'))).details, ['unknown'])
  })

  it('[U] lets an attempt end that nobody wants any more', async () => {
    const environment = quietEnvironment()
    const call = callOperation(
      {
        connectors: connectorsThat(async (_request, signal) => {
          environment.cancel()
          await new Promise(resolve => setTimeout(resolve, 20))
          assert.equal(signal.aborted, false)
          return outcome
        }),
      },
      stored,
    )
    assert.deepEqual((await inActivity(call, input, environment)).outcome, outcome)
  })

  it('[U] breaks an attempt off whose outcome nobody would hear', async () => {
    const unheard = [{ workerShutdown: true }, { notFound: true }, { timedOut: true }]
    for (const details of unheard) {
      const environment = quietEnvironment()
      const connectors = connectorsThat(
        (_request, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      )
      const running = inActivity(callOperation({ connectors }, stored), input, environment)
      environment.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails(details))
      await assert.rejects(running, /nobody waits/)
    }
  })
})
