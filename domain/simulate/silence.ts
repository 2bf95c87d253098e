import { kindOfWait, type Silence, SilenceBound, type WaitKind } from '../audit/silence-bound.ts'
import { withRulingCalendars } from '../core/clock/ruling-calendars.ts'
import type { Event } from '../core/events/event.ts'
import type { Input } from '../core/input.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'

/**
 * Measures the silence bound of DESIGN section 6 on orders as they run, by their inputs: from anything that comes from
 * outside (a command, a fact, a result) or from a delivered notice, to the next such thing or the order's end.
 * `auditOrder` measures the same from their journals.
 */
export class SilenceMeter {
  /** The longest where a person or a connector had to act, and where only the outside world had to report. */
  readonly longest: { task?: Silence; wait?: Silence } = {}
  readonly broken: Silence[] = []
  private readonly definition: CompiledDefinition
  private bound: SilenceBound
  private sinceMs = 0
  private kind: WaitKind = 'task'

  constructor(definition: CompiledDefinition) {
    this.definition = definition
    this.bound = new SilenceBound(definition)
  }

  see(turn: { readonly input: Input; readonly events: readonly Event[]; readonly state: OrderState }): void {
    const { input, events, state } = turn
    const atMs = Date.parse(input.at)
    const told = events.some(event => event.type === 'notice.delivered' || event.type === 'order.closed')
    const moved = told || (events.length > 0 && isFromOutside(input, events))
    if (moved && input.type !== 'start') this.ended(state.order.orderNo, atMs)
    if (moved) this.sinceMs = atMs
    const ruling = withRulingCalendars(this.definition, state)
    if (events.some(({ type }) => type === 'calendar.changed' || type === 'process.changed')) {
      this.bound = new SilenceBound(ruling)
    }
    // A silence that begins with one sort of waiting and goes on with the other is held to the longer bound.
    const kind = kindOfWait(ruling, state)
    if (moved || kind === 'wait') this.kind = kind
  }

  /** An order that is still open when the simulation ends has been silent until then. */
  leave(state: OrderState, atMs: number): void {
    if (state.closed === null) this.ended(state.order.orderNo, atMs)
  }

  private ended(orderNo: string, atMs: number): void {
    const longest = this.longest[this.kind]
    const seen = this.bound.measure(this.kind, this.sinceMs, atMs, longest?.workingMs)
    if (seen === undefined) return
    const silence: Silence = { orderNo, ...seen }
    if (seen.workingMs > (longest?.workingMs ?? -1)) this.longest[this.kind] = silence
    if (this.bound.isBroken(seen)) this.broken.push(silence)
  }
}

/** Something that the order did not do by itself. That a look-up found nothing is not news. */
function isFromOutside(input: Input, events: readonly Event[]): boolean {
  if (input.type === 'clock' || input.type === 'notice') return false
  if (input.type !== 'result' || input.call.kind !== 'check') return true
  return events.some(event => event.type === 'fact.received')
}
