import { ActivityFailure, CancellationScope, scheduleActivity } from '@temporalio/workflow'
import type { SayInput } from '../activities/contract.ts'
import type { MergeAnswer, PendingMessage } from '../domain/core/commands/merging.ts'
import type { Input } from '../domain/core/input.ts'

type Answer = Omit<Extract<Input, { type: 'member' }>, 'at'>

/** Says to the other orders of a merge what is to be said, to each one thing at a time, until it is answered. */
export class MergeRunner {
  private readonly running = new Map<string, { readonly kind: string; readonly scope: CancellationScope }>()
  private readonly organisation: string
  private readonly take: (answer: Answer) => void

  constructor(organisation: string, take: (answer: Answer) => void) {
    this.organisation = organisation
    this.take = take
  }

  get isQuiet(): boolean {
    return this.running.size === 0
  }

  reconcile(messages: readonly PendingMessage[]): void {
    for (const [orderNo, { kind, scope }] of this.running) {
      const isWanted = messages.some(one => one.orderNo === orderNo && one.message.kind === kind)
      if (!isWanted) scope.cancel()
    }
    for (const one of messages) if (!this.running.has(one.orderNo)) void this.say(one)
  }

  private async say({ orderNo, message }: PendingMessage): Promise<void> {
    const scope = new CancellationScope({ cancellable: true })
    const { kind } = message
    this.running.set(orderNo, { kind, scope })
    const input: SayInput = { key: { organisation: this.organisation, orderNo }, message }
    let answer: MergeAnswer
    try {
      answer = await scope.run(() =>
        scheduleActivity<MergeAnswer>('orders.merge', [input], {
          startToCloseTimeout: '90s',
          heartbeatTimeout: '10s',
          retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
          summary: `${kind} ${orderNo}`,
        }),
      )
    } catch (error) {
      if (!(error instanceof ActivityFailure) && !scope.consideredCancelled) throw error
      answer = { ok: false, code: 'not_applicable', message: 'no answer' }
    }
    this.running.delete(orderNo)
    // What is no longer to be said changes nothing; either way the order looks what is to be said now.
    this.take({ type: 'member', orderNo, kind, answer })
  }
}
