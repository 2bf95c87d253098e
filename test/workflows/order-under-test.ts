import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { WithStartWorkflowOperation, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure, type Duration } from '@temporalio/common'
import type { temporal } from '@temporalio/proto'
import type { Attempt } from '../../domain/core/commands/attempt.ts'
import type { Command } from '../../domain/core/commands/command.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { Fact } from '../../domain/fact.ts'
import { callerOf } from '../../domain/permission/caller.ts'
import { startOptions } from '../../order-client/start-options.ts'
import type { JournalEvent } from '../../store/journal.ts'
import {
  type CommandAnswer,
  type CommandRequest,
  commandSignal,
  commandUpdate,
  type FactAnswer,
  factUpdate,
  type OrderInput,
  orderWorkflow,
  previewQuery,
  stateQuery,
  workflowIdOf,
} from '../../workflows/messages.ts'
import { matrix, people } from '../domain/definitions.ts'
import type { Answer, Attempted } from './scripted-connectors.ts'
import type { World } from './world.ts'

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent

/** Nothing in these tests takes longer, unless it says so, on however busy a machine. */
const patienceMs = 40_000
/** Between two looks: a little longer each time, since many tests look at once. */
const pollMs = { first: 20, growth: 1.4, most: 250 }
const quietMs = 400

let facts = 0

/** An order on a real server: what people and systems say to it, and what can be seen of it. */
export class OrderUnderTest {
  readonly orderNo: string
  readonly handle: WorkflowHandle
  private readonly world: World
  readonly input: OrderInput
  private readonly taskTimeout: Duration | undefined

  constructor(world: World, input: OrderInput, taskTimeout: Duration | undefined) {
    const { organisation, orderNo } = input.order
    this.world = world
    this.input = input
    this.taskTimeout = taskTimeout
    this.orderNo = orderNo
    this.handle = world.client.workflow.getHandle(workflowIdOf(organisation, orderNo))
  }

  async start(): Promise<void> {
    await this.world.client.workflow.start(orderWorkflow, this.startOptions())
  }

  /** Starts it with an approval in the same request. */
  startApproved(who: string): Promise<CommandAnswer> {
    const startWorkflowOperation = new WithStartWorkflowOperation(orderWorkflow, {
      ...this.startOptions(),
      workflowIdConflictPolicy: 'FAIL',
    })
    return this.world.client.workflow.executeUpdateWithStart(commandUpdate, {
      args: [requestOf(who, 'approve')],
      startWorkflowOperation,
    })
  }

  private startOptions() {
    return {
      ...startOptions(this.input),
      taskQueue: this.world.taskQueue,
      args: [this.input],
      ...(this.taskTimeout === undefined ? {} : { workflowTaskTimeout: this.taskTimeout }),
    }
  }

  /** What an operation answers to its next attempts for this order. */
  script(operation: string, ...answers: readonly Answer[]): void {
    this.world.connectors.script(this.orderNo, operation, ...answers)
  }

  attempts(operation?: string): readonly Attempted[] {
    const all = this.world.connectors.of(this.orderNo)
    return operation === undefined ? all : all.filter(attempted => attempted.operation === operation)
  }

  /** A person of `processes/people.yaml` gives a command as an Update. */
  does(who: string, type: Command['type'], parts: Readonly<Record<string, unknown>> = {}): Promise<CommandAnswer> {
    const request = requestOf(who, type, parts)
    return persistently(() => this.handle.executeUpdate(commandUpdate, { args: [request] }))
  }

  async signals(who: string, type: Command['type'], parts: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.handle.signal(commandSignal, requestOf(who, type, parts))
  }

  reports(type: string, parts: Partial<Fact> = {}): Promise<FactAnswer> {
    return this.sends(factOf(type, parts))
  }

  sends(fact: Fact): Promise<FactAnswer> {
    return persistently(() => this.handle.executeUpdate(factUpdate, { args: [fact] }))
  }

  state(): Promise<OrderState> {
    return this.handle.query(stateQuery)
  }

  previews(who: string, type: Command['type'], parts: Readonly<Record<string, unknown>> = {}) {
    return this.handle.query(previewQuery, { ...requestOf(who, type, parts), at: new Date().toISOString() })
  }

  journal(): Promise<readonly JournalEvent[]> {
    return this.world.store.readJournal('main', this.orderNo)
  }

  async journalTypes(): Promise<readonly string[]> {
    return (await this.journal()).map(({ type }) => type)
  }

  /** The stored refusals, once there are so many. */
  async untilAttempts(count: number): Promise<readonly Attempt[]> {
    const found = await eventually(patienceMs, async () => {
      const key = { organisation: 'main', orderNo: this.orderNo }
      const { items: attempts } = await this.world.store.listAttempts({ ...key, limit: 100 })
      return attempts.length >= count ? attempts : undefined
    })
    assert.ok(found, `${this.orderNo}: fewer than ${count} attempts are stored`)
    return found
  }

  /** The first such event of the stored journal, once it is there. */
  async until(
    type: string,
    data: Readonly<Record<string, unknown>> = {},
    withinMs: number = patienceMs,
  ): Promise<JournalEvent> {
    const fits = (event: JournalEvent) =>
      event.type === type && Object.entries(data).every(([key, value]) => Object.is(event.data[key], value))
    let journal: readonly JournalEvent[] = []
    const found = await eventually(withinMs, async () => {
      journal = await this.journal()
      return journal.find(fits)
    })
    const seen = journal.map(event => `${event.type} ${JSON.stringify(event.data).slice(0, 100)}`).join('\n')
    assert.ok(found, `${this.orderNo}: no ${type} ${JSON.stringify(data)} within ${withinMs} ms:\n${seen}`)
    return found
  }

  /** The state, once it is as wanted. */
  async untilState(
    what: string,
    is: (state: OrderState) => boolean,
    withinMs: number = patienceMs,
  ): Promise<OrderState> {
    let state: OrderState | undefined
    const found = await eventually(withinMs, async () => {
      // A busy worker may not answer within a query's own limit.
      state = await this.state().catch(error => (error.cause?.code === 4 ? undefined : Promise.reject(error)))
      return state !== undefined && is(state) ? state : undefined
    })
    assert.ok(found, `${this.orderNo}: not ${what} within ${withinMs} ms: ${JSON.stringify(state)}`)
    return found
  }

  /** Until the store has every event that the order knows of. */
  async untilStored(withinMs: number = patienceMs): Promise<void> {
    const { seq } = await this.state()
    const stored = await this.world.store.waitForSeq('main', this.orderNo, seq, withinMs)
    assert.ok(stored !== null && stored >= seq, `${this.orderNo}: not all is stored within ${withinMs} ms`)
  }

  /** Waits for the end of the workflow. */
  async closed(): Promise<string> {
    return ((await this.handle.result()) as { status: string }).status
  }

  async history(): Promise<readonly HistoryEvent[]> {
    return (await this.handle.fetchHistory()).events ?? []
  }

  /** Of each run, the first one first. */
  async historiesOfRuns(): Promise<readonly (readonly HistoryEvent[])[]> {
    const runs = [await this.history()]
    for (;;) {
      const started = runs[0]?.[0]?.workflowExecutionStartedEventAttributes
      const before = started?.continuedExecutionRunId
      if (!before) return runs
      const handle = this.world.client.workflow.getHandle(this.handle.workflowId, before)
      runs.unshift((await handle.fetchHistory()).events ?? [])
    }
  }

  async untilRun(run: number): Promise<void> {
    const reached = await eventually(patienceMs, async () => (await this.historiesOfRuns()).length >= run || undefined)
    assert.ok(reached, `${this.orderNo} has fewer than ${run} runs`)
  }

  /** The history, once nothing has been added to it for a while. */
  async quietHistory(): Promise<readonly HistoryEvent[]> {
    let before = await this.history()
    for (;;) {
      await sleep(quietMs)
      const now = await this.history()
      if (now.length === before.length) return now
      before = now
    }
  }

  /** Until so many timers have fired. */
  async untilFired(count: number): Promise<void> {
    const fired = await eventually(patienceMs, async () => {
      const history = await this.history()
      return history.filter(event => event.timerFiredEventAttributes).length >= count || undefined
    })
    assert.ok(fired, `${this.orderNo}: fewer than ${count} timers fired`)
  }

  /** The first activity of this name, once it is scheduled. */
  async untilScheduled(name: string) {
    const found = await eventually(patienceMs, async () =>
      (await this.history())
        .map(event => event.activityTaskScheduledEventAttributes)
        .find(scheduled => scheduled?.activityType?.name === name),
    )
    assert.ok(found, `${this.orderNo}: no ${name} was scheduled`)
    return found
  }

  /** Ends an activity for good, from outside. */
  async failActivity(activityId: string): Promise<void> {
    const { workflowService, options } = this.world.client
    await workflowService.respondActivityTaskFailedById({
      namespace: options.namespace,
      workflowId: this.handle.workflowId,
      activityId,
      failure: { message: 'ended by the test', applicationFailureInfo: { type: 'test', nonRetryable: true } },
    })
  }

  /** The activities that were scheduled, by name. */
  async activities(): Promise<readonly string[]> {
    return (await this.history()).flatMap(event => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [])
  }
}

const mostRepeats = 10

/** Repeats what met the end of a run, as the API does: then it is not known whether it was done. */
async function persistently<T>(send: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await send()
    } catch (error) {
      const endedMeanwhile =
        error instanceof WorkflowUpdateFailedError
          ? failureOf(error) === 'AcceptedUpdateCompletedWorkflow'
          : (error as { cause?: { code?: number } }).cause?.code === 9
      if (!endedMeanwhile || repeats === mostRepeats) throw error
      await sleep(repeats * pollMs.most)
    }
  }
}

/** What `look` finds, once it finds something; undefined if it does not in time. */
export async function eventually<T>(withinMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const giveUpAt = performance.now() + withinMs
  for (let pauseMs = pollMs.first; ; pauseMs = Math.min(pollMs.most, pauseMs * pollMs.growth)) {
    const found = await look()
    if (found !== undefined || performance.now() > giveUpAt) return found
    await sleep(pauseMs)
  }
}

/** A command with today's rows of the standard matrix, as the API would send it. */
export function requestOf(
  who: string,
  type: Command['type'],
  parts: Readonly<Record<string, unknown>> = {},
): CommandRequest {
  const person = people.people.find(({ id }) => id === who)
  const identity = { actor: who, roles: person?.roles ?? [], organisation: person?.organisation ?? 'elsewhere' }
  return { command: { type, ...parts } as Command, caller: callerOf(matrix, identity, type) }
}

export function factOf(type: string, parts: Partial<Fact> = {}): Fact {
  facts += 1
  return { id: `f${facts}`, source: 'test', type, claimedAt: new Date().toISOString(), ...parts }
}

/** `type` of the failure that an Update was turned away with. */
export function failureOf(error: unknown): string | null | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined
  return error.cause instanceof ApplicationFailure ? error.cause.type : undefined
}
