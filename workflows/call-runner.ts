import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  scheduleActivity,
} from '@temporalio/workflow'
import type { CallActivityInput, Carried, RunActivityInput } from '../activities/contract.ts'
import type { CallOutcome } from '../domain/call.ts'
import type { Input } from '../domain/core/input.ts'
import type { PendingCall } from '../domain/core/pending.ts'
import { planRun } from '../domain/core/run-plan.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { JournalFlush } from './journal-flush.ts'

type Result = Omit<Extract<Input, { type: 'result' }>, 'at'>

/** A connector ends an attempt by itself well before. */
const attemptTimeout = '2m'
/** So that a worker that has died is noticed, and a cancellation heard: the activity beats every second. */
const heartbeatTimeout = '10s'

/**
 * Starts the calls that should run and cancels those that should not. What was started always comes back as a result:
 * a cancelled call, too, is waited for, because money that was taken must not be lost sight of.
 */
export class CallRunner {
  /** By call id. The calls of a run share a scope. */
  private readonly running = new Map<string, CancellationScope>()
  private readonly startedAtMs = new Map<string, number>()
  private readonly definition: CompiledDefinition
  private readonly journal: JournalFlush
  private readonly take: (result: Result) => void

  constructor(definition: CompiledDefinition, journal: JournalFlush, take: (result: Result) => void) {
    this.definition = definition
    this.journal = journal
    this.take = take
  }

  get isQuiet(): boolean {
    return this.running.size === 0
  }

  /** A call has been under way for more than two seconds: it may well be in its durable retries. */
  get isSlow(): boolean {
    return [...this.startedAtMs.values()].some(since => Date.now() - since > 2000)
  }

  reconcile(calls: readonly PendingCall[], state: OrderState): void {
    for (const call of calls) if (call.cancel) this.running.get(call.id)?.cancel()
    const missing = calls.filter(call => !this.running.has(call.id))
    const startable = missing.filter(call => call.id.endsWith('/do') && !call.cancel)
    if (this.definition.runs && startable.length > 0 && this.isQuiet) {
      const plan = planRun(this.definition, state, state.at).filter(call => isRepeatable(this.definition, call))
      if (plan.length > 1 && startable.every(call => plan.some(({ id }) => id === call.id))) {
        void this.runTogether(plan)
        return
      }
    }
    for (const call of missing) void this.runAlone(call)
  }

  private begun(call: PendingCall, scope: CancellationScope): void {
    this.running.set(call.id, scope)
    this.startedAtMs.set(call.id, Date.now())
  }

  private ended(call: PendingCall): void {
    this.running.delete(call.id)
    this.startedAtMs.delete(call.id)
  }

  private async runAlone(call: PendingCall): Promise<void> {
    const scope = new CancellationScope({ cancellable: true })
    this.begun(call, scope)
    const journal = this.journal.ride()
    const input: CallActivityInput = { request: call.request, giveUpAt: call.giveUpAt, ...(journal && { journal }) }
    let outcome: CallOutcome
    let stored: number | undefined
    try {
      const carried = await scope.run(() =>
        scheduleActivity<Carried<CallOutcome>>(call.request.operation, [input], {
          ...optionsOf(call),
          scheduleToCloseTimeout: untilMs(call.giveUpAt),
        }),
      )
      outcome = carried.outcome
      stored = carried.stored
    } catch (error) {
      outcome = outcomeOf(error)
    }
    this.ended(call)
    this.journal.arrived(journal, stored)
    this.take({ type: 'result', call: identityOf(call), outcome })
  }

  private async runTogether(plan: readonly PendingCall[]): Promise<void> {
    const scope = new CancellationScope({ cancellable: true })
    for (const call of plan) this.begun(call, scope)
    const journal = this.journal.ride()
    const input: RunActivityInput = {
      calls: plan.map(({ request, giveUpAt }) => ({ request, giveUpAt })),
      ...(journal && { journal }),
    }
    let outcomes: readonly CallOutcome[] = []
    let stored: number | undefined
    let lost: CallOutcome | undefined
    try {
      const first = plan.map(call => call.giveUpAt).sort()[0]!
      const carried = await scope.run(() =>
        scheduleActivity<Carried<readonly CallOutcome[]>>('run', [input], {
          ...optionsOf(plan[0]!),
          scheduleToCloseTimeout: untilMs(first),
          retry: { maximumAttempts: 1 },
          summary: plan.map(call => call.request.operation).join(' > '),
        }),
      )
      outcomes = carried.outcome
      stored = carried.stored
    } catch (error) {
      lost = { ...(outcomeOf(error) as Extract<CallOutcome, { ok: false }>), certainty: 'unknown' }
    }
    for (const call of plan) this.ended(call)
    this.journal.arrived(journal, stored)
    plan.forEach((call, index) => {
      const outcome = outcomes[index]
      if (outcome !== undefined) this.take({ type: 'result', call: identityOf(call), outcome })
      // What the core has in flight goes on as an activity of its own, by the same key; what it has not begun yet
      // may have been done by a run that was lost.
      else if (lost !== undefined && index > 0) this.take({ type: 'result', call: identityOf(call), outcome: lost })
    })
  }
}

function optionsOf(call: PendingCall) {
  return {
    startToCloseTimeout: attemptTimeout,
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: call.retry.initialMs,
      backoffCoefficient: call.retry.backoff,
      maximumInterval: Math.max(call.retry.maximumMs, call.retry.initialMs),
    },
    summary: call.id,
  } as const
}

/** The activity's own end wakes the order at the call's deadline: it needs no timer. */
function untilMs(giveUpAt: string): number {
  return Math.max(1000, Date.parse(giveUpAt) - Date.now())
}

function identityOf(call: PendingCall): Result['call'] {
  const { step, round } = call.request
  return { step, round, kind: call.id.slice(call.id.lastIndexOf('/') + 1) as Result['call']['kind'] }
}

/** An operation without idempotency runs alone, and once. */
function isRepeatable(definition: CompiledDefinition, call: PendingCall): boolean {
  const step = definition.steps.find(({ id }) => id === call.request.step)
  return step?.kind === 'call' && step.idempotency !== 'none'
}

/** Why an activity did not come back, as an outcome: only the connector itself may say that nothing was done. */
function outcomeOf(error: unknown): CallOutcome {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (cause instanceof CancelledFailure) {
    return { ok: false, code: 'cancelled', message: 'cancelled before it came back', certainty: 'unknown' }
  }
  if (cause instanceof ApplicationFailure) {
    const certainty = cause.details?.[0] === 'not_done' ? 'not_done' : 'unknown'
    return { ok: false, code: cause.type ?? 'failed', message: cause.message, certainty }
  }
  if (error instanceof ActivityFailure) {
    return {
      ok: false,
      code: 'timeout',
      message: (cause as Error | undefined)?.message ?? 'no answer in time',
      certainty: 'unknown',
    }
  }
  throw error
}
