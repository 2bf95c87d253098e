// The shell: takes inputs, keeps the journal, reconciles what goes on with what should. No business rule enters here.
import { ApplicationFailure, allHandlersFinished, condition, uuid4, workflowInfo } from '@temporalio/workflow'
import { withRulingCalendars } from '../domain/core/clock/ruling-calendars.ts'
import type { Attempt } from '../domain/core/commands/attempt.ts'
import type { MergeAnswer, MergeMessage } from '../domain/core/commands/merging.ts'
import { type Decision, transition } from '../domain/core/decide.ts'
import { upcastDefinition, upcastState } from '../domain/core/events/upcast.ts'
import type { Input } from '../domain/core/input.ts'
import { pending, type Work } from '../domain/core/pending.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { Fact } from '../domain/fact.ts'
import { orderView } from '../domain/view/order-view.ts'
import { CallRunner } from './call-runner.ts'
import { DeadlineTimer } from './deadline-timer.ts'
import { JournalFlush } from './journal-flush.ts'
import { MergeRunner } from './merge-runner.ts'
import type { Carried, CommandAnswer, CommandRequest, FactAnswer, NewVersion, OrderInput } from './messages.ts'
import { runsElsewhere } from './new-version.ts'
import { NoticeRunner } from './notice-runner.ts'
import { Signboard } from './signboard.ts'
import { SuccessorRunner } from './successor-runner.ts'

/** An input without its time, which is the moment of its acceptance. */
type Arrival = Input extends infer I ? (I extends Input ? Omit<I, 'at'> : never) : never

export class OrderShell {
  /** The version that it was placed with. */
  private readonly placedWith: CompiledDefinition
  state: OrderState
  private readonly journal: JournalFlush
  private readonly calls: CallRunner
  private readonly notices: NoticeRunner
  private readonly successors: SuccessorRunner
  private readonly merges: MergeRunner
  private readonly timer: DeadlineTimer
  private readonly signboard: Signboard
  private readonly mostUpdates: number
  private changed = true
  private updates = 0
  private moves = false

  constructor(input: OrderInput) {
    this.placedWith = upcastDefinition(input.definition)
    this.mostUpdates = input.mostUpdates ?? 1000
    const { order, carried, restored } = input
    const whose = {
      organisation: order.organisation,
      orderNo: order.orderNo,
      process: { id: this.placedWith.id, version: this.placedWith.version },
    }
    this.journal = new JournalFlush(whose, carried, () => this.touch())
    this.calls = new CallRunner(this, this.journal)
    this.notices = new NoticeRunner(
      () => this.definition.title,
      this.journal,
      answer => void this.take(answer),
    )
    this.successors = new SuccessorRunner(orders => void this.take({ type: 'begun', orders }))
    this.merges = new MergeRunner(input.order.organisation, answer => void this.take(answer))
    this.timer = new DeadlineTimer(() => this.take({ type: 'clock' }))
    this.signboard = new Signboard(this)
    this.state = carried === undefined ? this.begin(input) : upcastState(carried.state)
    if (restored !== undefined) this.take({ type: 'restored', ...restored })
  }

  /** As it rules the order now. */
  get definition(): CompiledDefinition {
    return withRulingCalendars(this.placedWith, this.state)
  }

  private begin(input: OrderInput): OrderState {
    const decision = transition(this.placedWith, null, { type: 'start', at: now(), order: input.order })
    if (!decision.ok) throw ApplicationFailure.nonRetryable(decision.message, 'invalid')
    this.journal.add(decision.events)
    return decision.state
  }

  take(arrival: Arrival): Decision {
    const decision = transition(this.placedWith, this.state, { ...arrival, at: now() } as Input)
    if (decision.ok) {
      this.state = decision.state
      this.journal.add(decision.events)
    }
    // What a call or a notice brings back may ride with the next one.
    if (arrival.type !== 'result' && arrival.type !== 'notice') this.journal.hurry()
    this.touch()
    return decision
  }

  command(request: CommandRequest): CommandAnswer {
    this.updates += 1
    const { command, caller } = request
    const decision = this.take({ type: 'command', command: { ...command, id: command.id ?? uuid4() }, caller })
    if (decision.ok) return { ok: true, seq: this.state.seq, view: orderView(this.definition, this.state) }
    const { code, message } = decision
    this.refused({ actor: caller.actor, command: command.type, code, message })
    return decision
  }

  /** Keeps a command that was not done, and why, beside the journal. */
  refused(attempt: Omit<Attempt, 'id' | 'at'>): void {
    this.journal.refused({ at: now(), ...attempt })
    this.touch()
  }

  fact(fact: Fact): FactAnswer {
    this.updates += 1
    this.take({ type: 'fact', fact })
    return { ok: true, state: 'taken', seq: this.state.seq }
  }

  /** Another order, which leads a merge, says this. */
  merge(message: MergeMessage): MergeAnswer {
    this.updates += 1
    const decision = this.take({ type: 'merge', message })
    if (!decision.ok) return decision
    const { merging } = this.state
    const share = merging?.role === 'member' ? { share: merging.share } : {}
    return { ok: true, isReady: merging?.role === 'member' && merging.phase === 'ready', ...share }
  }

  /** A call under way will not be back at once. */
  callIsSlow(): void {
    this.calls.tookLong()
    this.touch()
  }

  /** It goes on there in a new run: never in the middle of a call, which may mean later. */
  moveTo(version: NewVersion): void {
    this.moves ||= runsElsewhere(version)
    this.touch()
  }

  /** Too much waits for the store: nothing new is accepted until it takes some of it. */
  get isFull(): boolean {
    return this.journal.isFull
  }

  /** Runs until the order is closed and its journal stored, or the run has become long enough to begin a new one. */
  async run(): Promise<'closed' | 'continue' | 'move'> {
    for (;;) {
      this.changed = false
      this.reconcile(pending(this.definition, this.state))
      await condition(() => this.changed || this.mayClose() || this.mayContinue())
      // What has come last is acted upon first: no run ends with a call that it owes.
      if (this.changed) continue
      if (this.mayClose()) return 'closed'
      return this.moves ? 'move' : 'continue'
    }
  }

  carried(): Carried {
    return { state: this.state, ...this.journal.carried() }
  }

  private reconcile(work: Work): void {
    this.calls.reconcile(work.calls)
    this.notices.reconcile(work.notices)
    this.successors.reconcile(this.definition, work.begin)
    this.merges.reconcile(work.messages)
    this.timer.set(work.deadline)
    this.signboard.show(this.state, work, this.calls.isSlow)
    this.journal.flush(this.calls.isQuiet || this.calls.isSlow, work.closed)
  }

  private mayClose(): boolean {
    return this.state.closed !== null && this.calls.isQuiet && this.journal.isStored && allHandlersFinished()
  }

  private mayContinue(): boolean {
    const due = this.moves || workflowInfo().continueAsNewSuggested || this.updates >= this.mostUpdates
    return (
      due &&
      this.state.closed === null &&
      this.calls.isQuiet &&
      this.notices.isQuiet &&
      this.successors.isQuiet &&
      this.merges.isQuiet &&
      allHandlersFinished()
    )
  }

  private touch(): void {
    this.changed = true
  }
}

/** Workflow time: the same at every replay. */
function now(): string {
  return new Date(Date.now()).toISOString()
}
