import { CancellationScope, scheduleActivity } from '@temporalio/workflow'
import type { CallActivityInput, Carried, RunActivityInput, RunOutcome } from '../activities/contract.ts'
import { type CallOutcome, neverBegun } from '../domain/call.ts'
import type { Input } from '../domain/core/input.ts'
import type { PendingCall } from '../domain/core/pending.ts'
import type { OrderState } from '../domain/core/state.ts'
import { planRun } from '../domain/core/steps/run-plan.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import { callOptions, failedOutcome, runOptions } from './call-activity.ts'
import type { JournalFlush } from './journal-flush.ts'

type Result = Omit<Extract<Input, { type: 'result' }>, 'at'>

/** The order whose calls these are. */
export interface Caller {
  readonly definition: CompiledDefinition
  readonly state: OrderState
  take(result: Result): unknown
}

/**
 * Starts the calls that should run and cancels those that should not. What was started always comes back as a result:
 * a cancelled call, too, is waited for.
 */
export class CallRunner {
  /** By call id. The calls of a run share a scope. */
  private readonly running = new Map<string, CancellationScope>()
  private readonly slow = new Set<string>()
  /** Calls that a run has tried without an answer: from then on each waits between its own attempts. */
  private readonly alone = new Set<string>()
  private run: { readonly plan: readonly PendingCall[]; readonly scope: CancellationScope } | undefined
  private readonly order: Caller
  private readonly journal: JournalFlush

  constructor(order: Caller, journal: JournalFlush) {
    this.order = order
    this.journal = journal
  }

  get isQuiet(): boolean {
    return this.running.size === 0
  }

  /** A call under way takes long, or is in its durable retries: the order waits for it. */
  get isSlow(): boolean {
    return this.slow.size > 0
  }

  tookLong(): void {
    for (const id of this.running.keys()) this.slow.add(id)
  }

  reconcile(calls: readonly PendingCall[]): void {
    for (const call of calls) if (call.cancel) this.running.get(call.id)?.cancel()
    this.endRunOffCourse()
    const missing = calls.filter(call => !this.running.has(call.id))
    const unbegun = missing.filter(call => call.cancel)
    // Asked for and withdrawn before it was begun: the order goes on from there.
    if (unbegun.length > 0) {
      for (const call of unbegun) this.order.take({ type: 'result', call: identityOf(call), outcome: neverBegun })
      return
    }
    const mayRun = this.order.definition.runs && this.isQuiet && !missing.some(({ id }) => this.alone.has(id))
    const plan = mayRun && missing.length > 0 ? this.plan() : []
    if (plan.length > 1) void this.runTogether(plan)
    for (const call of missing) if (!this.running.has(call.id)) void this.runAlone(call)
  }

  private plan(): readonly PendingCall[] {
    const { definition, state } = this.order
    return planRun(definition, state, state.at)
  }

  /** A hold, a cancellation or whatever else has changed what comes next: a run goes no further. */
  private endRunOffCourse(): void {
    if (this.run === undefined) return
    const still = this.plan()
    const onCourse = this.run.plan.every(({ id }) => still.some(call => call.id === id))
    if (!onCourse) this.run.scope.cancel()
  }

  private begun(call: PendingCall, scope: CancellationScope): void {
    this.running.set(call.id, scope)
  }

  private ended(call: PendingCall): void {
    this.running.delete(call.id)
    this.slow.delete(call.id)
  }

  private async runAlone(call: PendingCall): Promise<void> {
    const scope = new CancellationScope({ cancellable: true })
    this.begun(call, scope)
    const journal = this.journal.ride()
    const input: CallActivityInput = { request: call.request, giveUpAt: call.giveUpAt, ...(journal && { journal }) }
    let carried: Carried<CallOutcome>
    try {
      carried = await scope.run(() => scheduleActivity(call.request.operation, [input], callOptions(call)))
    } catch (error) {
      carried = { outcome: failedOutcome(error) }
    }
    this.ended(call)
    this.alone.delete(call.id)
    this.journal.arrived(journal, carried.stored)
    this.order.take({ type: 'result', call: identityOf(call), outcome: carried.outcome })
  }

  private async runTogether(plan: readonly PendingCall[]): Promise<void> {
    const scope = new CancellationScope({ cancellable: true })
    this.run = { plan, scope }
    for (const call of plan) this.begun(call, scope)
    const journal = this.journal.ride()
    const input: RunActivityInput = {
      calls: plan.map(({ request, giveUpAt }) => ({ request, giveUpAt })),
      ...(journal && { journal }),
    }
    let carried: Carried<RunOutcome>
    try {
      carried = await scope.run(() => scheduleActivity('run', [input], runOptions(plan)))
    } catch (error) {
      // Lost on its way: each of them may have been done.
      const lost = { ...failedOutcome(error), certainty: 'unknown' } as const
      carried = { outcome: { outcomes: [], undecided: plan.map(() => lost) } }
    }
    this.run = undefined
    for (const call of plan) this.ended(call)
    this.journal.arrived(journal, carried.stored)
    this.takeRun(plan, carried.outcome)
  }

  private takeRun(plan: readonly PendingCall[], { outcomes, undecided }: RunOutcome): void {
    const results = plan.flatMap((call, index) => {
      const outcome = outcomes[index] ?? undecided[index - outcomes.length]
      return outcome === undefined ? [] : [{ call, outcome, isDecided: index < outcomes.length }]
    })
    // Withdrawn meanwhile: the order hears of the last first, since it undoes in that order.
    if (!this.isWanted(plan[0]!)) results.reverse()
    for (const { call, outcome, isDecided } of results) {
      // What the order still wants, and has no answer to, goes on as an activity of its own, by the same key.
      if (!isDecided && this.isWanted(call)) this.alone.add(call.id)
      else this.order.take({ type: 'result', call: identityOf(call), outcome })
    }
  }

  private isWanted({ id }: PendingCall): boolean {
    const call = this.order.state.calls[id]
    return call !== undefined && call.cancelling === undefined && Date.now() < Date.parse(call.giveUpAt)
  }
}

function identityOf(call: PendingCall): Result['call'] {
  const { step, round } = call.request
  return { step, round, kind: call.id.slice(call.id.lastIndexOf('/') + 1) as Result['call']['kind'] }
}
