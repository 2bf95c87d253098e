import { receivedState } from '../../commands/current-order.ts'
import { withRulingCalendars } from '../../domain/core/clock/ruling-calendars.ts'
import { transition } from '../../domain/core/decide.ts'
import type { Event } from '../../domain/core/events/event.ts'
import type { Input, Refusal, Restoration } from '../../domain/core/input.ts'
import type { OrderState } from '../../domain/core/state.ts'
import { orderView } from '../../domain/view/order-view.ts'
import { previewOf } from '../../domain/view/preview.ts'
import { project } from '../../domain/view/projection.ts'
import type {
  BlockedOrder,
  EndedOrder,
  OrderClient,
  OrderRun,
  PendingActivity,
} from '../../order-client/order-client.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import type { Store } from '../../store/open-store.ts'
import type { OrderKey } from '../../store/orders.ts'
import type { Carried, OrderInput } from '../../workflows/messages.ts'

type Untimed<I> = I extends Input ? Omit<I, 'at'> : never

interface Running {
  readonly input: OrderInput
  state: OrderState
}

/** Orders without Temporal: the core itself, its journal flushed to the store at once. */
export class FakeOrders implements OrderClient {
  /** Temporal cannot be reached. */
  isAway = false
  /** The journal is not flushed: what is stored lags behind. */
  isLagging = false
  activities: readonly PendingActivity[] = []
  /** What the API has asked for, in order. */
  readonly asked: string[] = []
  /** Their workflow task fails. */
  stuck: readonly BlockedOrder[] = []
  private readonly ended = new Map<string, EndedOrder>()
  /** Of runs that have ended: what Temporal still knows of them. */
  private readonly histories = new Map<string, Carried>()
  private readonly unstored = new Map<string, readonly Event[]>()
  private attempts = 0
  private readonly running = new Map<string, Running>()
  private readonly store: Store
  private readonly clock: () => Date

  constructor(store: Store, clock: () => Date) {
    this.store = store
    this.clock = clock
  }

  async start(input: OrderInput): Promise<string | null> {
    this.reached('start')
    if (input.restored !== undefined) return this.restore(input, input.restored)
    if (this.ended.has(nameOf(input.order))) return null
    const known = this.running.get(nameOf(input.order))
    if (known !== undefined) return known.state.closed === null ? 'run-1' : null
    return this.begin(input)
  }

  private async restore(input: OrderInput, restored: Restoration): Promise<string | null> {
    const name = nameOf(input.order)
    if (this.running.has(name)) return null
    this.ended.delete(name)
    if (input.carried === undefined) await this.begin(input)
    else this.running.set(name, { input, state: input.carried.state })
    await this.flush(input, input.carried?.unstored ?? [])
    await this.take(input.order, { type: 'restored', ...restored })
    return 'run-2'
  }

  private async begin(input: OrderInput): Promise<string> {
    const decision = transition(input.definition, null, { type: 'start', at: this.now(), order: input.order })
    if (!decision.ok) throw new Error(decision.message)
    this.running.set(nameOf(input.order), { input, state: decision.state })
    await this.flush(input, decision.events)
    return 'run-1'
  }

  async command(key: OrderKey, request: Parameters<OrderClient['command']>[1]): ReturnType<OrderClient['command']> {
    this.reached(`command ${request.command.type} ${request.command.id}`)
    const order = this.open(key)
    if (order === undefined) return null
    const decision = await this.take(key, { type: 'command', ...request })
    if (!decision.ok) {
      await this.attempted(key, request, decision)
      return decision
    }
    return {
      ok: true,
      seq: decision.state.seq,
      view: orderView(withRulingCalendars(order.input.definition, decision.state), decision.state),
      runId: 'run-1',
    }
  }

  async preview(key: OrderKey, request: Parameters<OrderClient['preview']>[1]): ReturnType<OrderClient['preview']> {
    this.reached(`preview ${request.command.type}`)
    const order = this.running.get(nameOf(key))
    return order === undefined ? null : previewOf(order.input.definition, order.state, request)
  }

  async merge(): Promise<null> {
    return null
  }

  async fact(key: OrderKey, fact: Parameters<OrderClient['fact']>[1]): ReturnType<OrderClient['fact']> {
    this.reached(`fact ${fact.id}`)
    if (this.open(key) === undefined) return null
    const decision = await this.take(key, { type: 'fact', fact })
    return decision.ok ? { ok: true, state: 'taken', seq: decision.state.seq } : decision
  }

  async state(key: OrderKey): Promise<OrderState | null> {
    this.reached('state')
    return this.running.get(nameOf(key))?.state ?? null
  }

  async carried(key: OrderKey): Promise<Carried | null> {
    this.reached('carried')
    return this.histories.get(nameOf(key)) ?? null
  }

  async describe(key: OrderKey): Promise<OrderRun | null> {
    this.reached('describe')
    const ended = this.ended.get(nameOf(key))
    if (ended !== undefined) return { runId: 'run-1', ended: { how: ended.how, at: ended.endedAt }, activities: [] }
    return this.running.has(nameOf(key)) ? { runId: 'run-1', activities: this.activities } : null
  }

  async blocked(): Promise<readonly BlockedOrder[]> {
    this.reached('blocked')
    return this.stuck
  }

  async endedFromOutside(): Promise<readonly EndedOrder[]> {
    this.reached('ended')
    return [...this.ended.values()]
  }

  async wakeExceptionClock(organisation: string): Promise<void> {
    this.reached(`wake ${organisation}`)
  }

  async runBulk({ id }: { readonly id: string }): Promise<void> {
    this.reached(`bulk ${id}`)
  }

  async ping(): Promise<void> {
    this.reached('ping')
  }

  /** What the world does meanwhile: calls that come back, the clock. */
  async take(key: OrderKey, input: Untimed<Input>) {
    const order = this.running.get(nameOf(key))!
    const { definition } = order.input
    const decision = transition(definition, order.state, { ...input, at: this.now() } as Input)
    if (!decision.ok) return decision
    order.state = decision.state
    await this.flush(order.input, decision.events)
    return decision
  }

  /** The order is as it was before its first step began. */
  asReceived(key: OrderKey): void {
    const order = this.running.get(nameOf(key))!
    order.state = receivedState(order.input.definition, order.input.order, this.now())
  }

  /** Every call of these steps comes off. */
  async succeed(key: OrderKey, ...steps: string[]): Promise<void> {
    for (const step of steps) {
      const call = { step, round: this.running.get(nameOf(key))!.state.steps[step]!.round, kind: 'do' as const }
      await this.take(key, { type: 'result', call, outcome: { ok: true, result: {} } })
    }
  }

  /** As somebody with access to Temporal may do it: no code of ours runs. */
  terminate(key: OrderKey, keepsHistory = false): void {
    const { state } = this.running.get(nameOf(key))!
    const unstored = this.unstored.get(nameOf(key)) ?? []
    if (keepsHistory) this.histories.set(nameOf(key), { state, unstored, attempts: [], attemptCount: 0 })
    this.running.delete(nameOf(key))
    this.ended.set(nameOf(key), { ...key, how: 'terminated', endedAt: this.now() })
  }

  inputOf(key: OrderKey): OrderInput {
    return this.running.get(nameOf(key))!.input
  }

  /** With Temporal's database. */
  forget(key: OrderKey): void {
    this.running.delete(nameOf(key))
  }

  /** As the workflow does: with its next flush. */
  private async attempted(
    { organisation, orderNo }: OrderKey,
    { command, caller }: Parameters<OrderClient['command']>[1],
    { code, message }: Refusal,
  ): Promise<void> {
    this.attempts += 1
    const attempt = { id: `${orderNo}/${this.attempts}`, at: this.now(), actor: caller.actor, command: command.type }
    await this.store.recordAttempt({ organisation, orderNo }, { ...attempt, code, message })
  }

  private open(key: OrderKey): Running | undefined {
    const order = this.running.get(nameOf(key))
    return order?.state.closed === null ? order : undefined
  }

  private reached(what: string): void {
    if (this.isAway) throw new OrdersUnavailable('Temporal cannot be reached')
    this.asked.push(what)
  }

  private now(): string {
    return this.clock().toISOString()
  }

  private async flush({ definition, order }: OrderInput, events: readonly Event[]): Promise<void> {
    if (this.isLagging) this.unstored.set(nameOf(order), [...(this.unstored.get(nameOf(order)) ?? []), ...events])
    if (this.isLagging || events.length === 0) return
    const { organisation, orderNo } = order
    await this.store.append({ organisation, orderNo, events }, (previous, fresh) =>
      project(definition, previous as OrderState | null, fresh as readonly Event[]),
    )
  }
}

function nameOf({ organisation, orderNo }: OrderKey): string {
  return `${organisation}/${orderNo}`
}
