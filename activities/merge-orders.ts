import { Context } from '@temporalio/activity'
import type { MergeAnswer } from '../domain/core/commands/merging.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { SayInput } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'

type Needed = Pick<ActivityDependencies, 'store' | 'orders'>

const looksOfAnAttempt = 20
const pauseMs = 1000

/** Says it, and answers once there is something to tell: that an order is ready may take as long as its undos take. */
export function mergeOrders(deps: Needed) {
  return async (input: SayInput): Promise<MergeAnswer> => {
    if (input.message.kind !== 'go') return say(deps, input)
    for (let look = 0; look < looksOfAnAttempt; look += 1) {
      // Looking costs the order nothing, other than being told once more.
      const answer = isUndoing(await deps.orders.state(input.key), input.message.merge)
        ? undefined
        : await say(deps, input)
      if (answer !== undefined && !(answer.ok && !answer.isReady)) return answer
      Context.current().heartbeat()
      await Context.current().sleep(pauseMs)
    }
    throw new Error(`${input.key.orderNo} is not ready yet`)
  }
}

function isUndoing(state: OrderState | null, merge: string): boolean {
  return state?.merging?.merge === merge && state.merging.phase === 'undoing' && state.closed === null
}

async function say({ store, orders }: Needed, { key, message }: SayInput): Promise<MergeAnswer> {
  const answer = await orders.merge(key, message)
  return answer ?? ended(await store.getOrder(key.organisation, key.orderNo), message.kind)
}

/** Its workflow has ended, or was never started. */
function ended(row: { readonly state: unknown } | null, kind: SayInput['message']['kind']): MergeAnswer {
  const closed = (row?.state as OrderState | null)?.closed
  if (kind === 'release') return { ok: true, isReady: false }
  if (kind === 'close' && closed?.status === 'merged') return { ok: true, isReady: false }
  if (closed) return { ok: false, code: 'closed', message: `the order is closed: ${closed.status}` }
  return { ok: false, code: 'not_applicable', message: 'the order does not run' }
}
