import type { Event } from '../core/events/event.ts'
import { evolve } from '../core/evolve/evolve.ts'
import type { OpenException, OrderState } from '../core/state.ts'
import { type ExceptionKind, type ExceptionOutcome, type Severity, usualSeverity } from '../exception/kind.ts'

/** An order's exception as the store lists it beside those of other orders. */
export interface ExceptionRow {
  /** Unique within the organisation: `SO-1:x1`. */
  readonly id: string
  readonly kind: ExceptionKind
  readonly severity: Severity
  readonly step: string | null
  readonly owner: string
  readonly status: 'open' | 'resolved'
  readonly evidence: OpenException['evidence']
  readonly openedAt: string
  readonly count: number
  readonly outcome: ExceptionOutcome | null
  readonly note: string | null
  readonly resolvedAt: string | null
}

/** Those that are open, and those that these events resolved. */
export function exceptionRows(
  previous: OrderState | null,
  after: OrderState,
  events: readonly Event[],
): ExceptionRow[] {
  const { orderNo } = after.order
  const resolved: ExceptionRow[] = []
  let before = previous
  for (const event of events) {
    const known = event.type === 'exception.resolved' ? before?.exceptions[event.data.exception] : undefined
    if (event.type === 'exception.resolved' && known !== undefined) {
      const { exception, outcome } = event.data
      const end = { status: 'resolved' as const, outcome, note: event.reason ?? null, resolvedAt: event.at }
      resolved.push({ ...row(orderNo, exception, known), ...end })
    }
    before = evolve(before, event)
  }
  return [...Object.entries(after.exceptions).map(([id, exception]) => row(orderNo, id, exception)), ...resolved]
}

function row(orderNo: string, id: string, exception: OpenException): ExceptionRow {
  const { kind, step, owner, evidence, openedAt, count } = exception
  return {
    id: `${orderNo}:${id}`,
    kind,
    severity: usualSeverity[kind],
    step: step ?? null,
    owner,
    status: 'open',
    evidence,
    openedAt,
    count,
    outcome: null,
    note: null,
    resolvedAt: null,
  }
}
