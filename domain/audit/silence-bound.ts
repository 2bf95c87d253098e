import { durationMs, workingBetween } from '../calendar/working-time.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { wallMs } from '../parse-duration.ts'

/** Whether a person or a connector had to act, or only the outside world had to report. */
export type WaitKind = 'task' | 'wait'

/** A stretch in which an order did nothing but wait, and nobody was told anything. */
export interface Silence {
  readonly orderNo: string
  readonly kind: WaitKind
  readonly from: string
  readonly until: string
  readonly workingMs: number
  readonly wallMs: number
}

/** Whatever the calendar says. */
export const mostWallMs = 21 * 86_400_000

/** The silence bound of DESIGN section 6 for one definition, in working time of its calendar. */
export class SilenceBound {
  private readonly definition: CompiledDefinition
  private readonly limits: Readonly<Record<WaitKind, { readonly ms: number; readonly wall: boolean }>>

  constructor(definition: CompiledDefinition) {
    this.definition = definition
    const limit = (duration: CompiledDefinition['silence'][WaitKind]) =>
      duration.wall ? { ms: wallMs(duration), wall: true } : { ms: durationMs(this.calendar, duration), wall: false }
    this.limits = { task: limit(definition.silence.task), wait: limit(definition.silence.wait) }
  }

  /** What a stretch amounts to; undefined if it is neither longer than `besidesMs` of working time nor a breach. */
  measure(kind: WaitKind, fromMs: number, untilMs: number, besidesMs = 0): Omit<Silence, 'orderNo'> | undefined {
    const wall = untilMs - fromMs
    // Working time is never longer than wall time: most stretches need no calendar.
    if (wall <= besidesMs && wall <= this.limits[kind].ms && wall <= mostWallMs) return
    const [from, until] = [fromMs, untilMs].map(ms => new Date(ms).toISOString()) as [string, string]
    return { kind, from, until, workingMs: workingBetween(this.calendar, fromMs, untilMs), wallMs: wall }
  }

  isBroken({ kind, workingMs, wallMs }: Omit<Silence, 'orderNo'>): boolean {
    const { ms, wall } = this.limits[kind]
    return (wall ? wallMs : workingMs) > ms || wallMs > mostWallMs
  }

  /** For who reads it: how long the silence might have been. */
  limitMs(kind: WaitKind): number {
    return this.limits[kind].ms
  }

  private get calendar() {
    return this.definition.calendars[this.definition.calendar]!
  }
}

/** Nothing but waits is under way: only the outside world can move the order on. */
export function kindOfWait(definition: CompiledDefinition, state: OrderState): WaitKind {
  if (Object.keys(state.reviews).length > 0 || Object.keys(state.holds).length > 0) return 'task'
  if (Object.values(state.calls).some(call => call.kind !== 'check')) return 'task'
  const onlyWaits = definition.steps.every(step => {
    const phase = state.steps[step.id]?.state
    return phase !== 'active' && phase !== 'partial' && phase !== 'failed'
      ? true
      : step.kind === 'wait' || phase === 'partial'
  })
  return onlyWaits ? 'wait' : 'task'
}
