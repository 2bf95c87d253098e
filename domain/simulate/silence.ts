import { durationMs, workingBetween } from '../calendar/working-time.ts'
import type { Event } from '../core/event.ts'
import type { Input } from '../core/input.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { wallMs } from '../parse-duration.ts'

/** A stretch in which nothing but the clock moved an order, and nobody was told anything. */
export interface Silence {
  readonly orderNo: string
  readonly from: string
  readonly until: string
  readonly workingMs: number
  readonly wallMs: number
}

/** Whatever the calendar says. */
export const mostWallMs = 21 * 86_400_000

/**
 * Measures the silence bound of DESIGN section 6 on orders that really ran: from anything that comes from outside (a
 * command, a fact, a result) or from a delivered notice, to the next delivered notice or the order's end. Time in which
 * the world went on by itself before that is no silence.
 */
export class SilenceMeter {
  /** The longest where a person or a connector had to act, and where only the outside world had to report. */
  readonly longest: { task?: Silence; wait?: Silence } = {}
  readonly broken: Silence[] = []
  private readonly definition: CompiledDefinition
  private readonly boundMs: Readonly<Record<'task' | 'wait', number>>
  private sinceMs = 0
  private kind: 'task' | 'wait' = 'task'

  constructor(definition: CompiledDefinition) {
    this.definition = definition
    const calendar = definition.calendars[definition.calendar]!
    const length = (duration: CompiledDefinition['silence']['task']) =>
      duration.wall ? wallMs(duration) : durationMs(calendar, duration)
    this.boundMs = { task: length(definition.silence.task), wait: length(definition.silence.wait) }
  }

  see(turn: { readonly input: Input; readonly events: readonly Event[]; readonly state: OrderState }): void {
    const { input, events, state } = turn
    const atMs = Date.parse(input.at)
    const told = events.some(event => event.type === 'notice.delivered' || event.type === 'order.closed')
    if (told && input.type !== 'start') this.ended(state.order.orderNo, atMs)
    const moved = told || (events.length > 0 && isFromOutside(input, events))
    if (moved) this.sinceMs = atMs
    // A silence that begins with one sort of waiting and goes on with the other is held to the longer bound.
    const kind = waitsForTheWorld(this.definition, state) ? 'wait' : 'task'
    this.kind = moved || kind === 'wait' ? kind : this.kind
  }

  /** An order that is still open when the simulation ends has been silent until then. */
  leave(state: OrderState, atMs: number): void {
    if (state.closed === null) this.ended(state.order.orderNo, atMs)
  }

  private ended(orderNo: string, atMs: number): void {
    const wall = atMs - this.sinceMs
    const longest = this.longest[this.kind]
    // Working time is never longer than wall time: most stretches need no calendar.
    if (wall <= mostWallMs && wall <= Math.min(longest?.workingMs ?? 0, this.boundMs[this.kind])) return
    const calendar = this.definition.calendars[this.definition.calendar]!
    const working = workingBetween(calendar, this.sinceMs, atMs)
    const silence: Silence = {
      orderNo,
      from: new Date(this.sinceMs).toISOString(),
      until: new Date(atMs).toISOString(),
      workingMs: working,
      wallMs: wall,
    }
    if (working > (longest?.workingMs ?? -1)) this.longest[this.kind] = silence
    if (working > this.boundMs[this.kind] || wall > mostWallMs) this.broken.push(silence)
  }
}

/** Something that the order did not do by itself. That a look-up found nothing is not news. */
function isFromOutside(input: Input, events: readonly Event[]): boolean {
  if (input.type === 'clock' || input.type === 'notice') return false
  if (input.type !== 'result' || input.call.kind !== 'check') return true
  return events.some(event => event.type === 'fact.received')
}

/** Nothing but waits is under way: only the outside world can move it on. */
function waitsForTheWorld(definition: CompiledDefinition, state: OrderState): boolean {
  if (Object.keys(state.reviews).length > 0 || Object.keys(state.holds).length > 0) return false
  if (Object.values(state.calls).some(call => call.kind !== 'check')) return false
  return definition.steps.every(step => {
    const phase = state.steps[step.id]?.state
    return phase !== 'active' && phase !== 'partial' && phase !== 'failed'
      ? true
      : step.kind === 'wait' || phase === 'partial'
  })
}
