import type { CallKind } from '../core/event.ts'
import { expressionContext } from '../core/order-context.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { evaluate, explain } from '../expression/expression.ts'
import type { Matrix } from '../permission/permission.ts'
import type { NextRung } from './next-rung.ts'
import { callsInOrder, type Waiting, waitingFor } from './waiting.ts'
import { type PersonRoles, type WhoCan, whoCan } from './who-can.ts'
import { whyText } from './why-text.ts'

/** Why an order is where it is: the body of `GET /api/orders/{orderNo}/why`. */
export interface Why {
  /** In English. */
  readonly text: string
  readonly textZh: string
  readonly waitingFor: readonly Waiting[]
  /** Since when it has not moved: the oldest thing that it waits for; of a closed order, when it was closed. */
  readonly since: string
  /** What the clock will do first if nobody does anything; null if it has nothing to do. */
  readonly next: (NextRung & { readonly at: string; readonly subject: string; readonly step: string | null }) | null
  readonly attempts: readonly CallAttempt[]
  readonly conditions: readonly EntryCondition[]
  readonly can: readonly WhoCan[]
}

/** A call in flight. How often it was tried, and what went wrong last, only Temporal knows. */
export interface CallAttempt {
  readonly step: string
  readonly kind: CallKind
  readonly operation: string
  readonly key: string
  readonly since: string
  readonly giveUpAt: string
  /** No longer wanted; only its outcome is awaited. */
  readonly cancelling: boolean
  readonly attempt?: number
  readonly lastError?: string
}

/** Whether a step is entered at all, by what is known now. */
export interface EntryCondition {
  readonly step: string
  readonly when: string
  /** Null: it cannot be evaluated. */
  readonly met: boolean | null
  readonly values: Readonly<Record<string, string>>
}

export interface WhyOptions {
  readonly matrix: Matrix
  readonly at: string
  /** The persons that the order names (owners, who placed it), with their roles of today. */
  readonly people: readonly PersonRoles[]
}

export function why(definition: CompiledDefinition, state: OrderState, options: WhyOptions): Why {
  const waiting = waitingFor(definition, state)
  const text = whyText(definition, state, waiting)
  const since = waiting.map(one => one.since).sort()[0] ?? state.closed?.at ?? state.at
  return {
    text: text.en,
    textZh: text.zh,
    waitingFor: waiting,
    since,
    next: nextOf(waiting),
    attempts: callsInOrder(definition, state).map(
      ({ step, kind, operation, key, startedAt, giveUpAt, cancelling }) => ({
        step,
        kind,
        operation,
        key,
        since: startedAt,
        giveUpAt,
        cancelling: cancelling !== undefined,
      }),
    ),
    conditions: conditionsOf(definition, state),
    can: whoCan(definition, state, options),
  }
}

function nextOf(waiting: readonly Waiting[]): Why['next'] {
  const first = waiting.find(one => one.dueAt !== null && one.nextRung !== null)
  if (first?.dueAt == null || first.nextRung === null) return null
  return { at: first.dueAt, subject: first.subject, step: first.step, ...first.nextRung }
}

function conditionsOf(definition: CompiledDefinition, state: OrderState): EntryCondition[] {
  const context = expressionContext(state)
  return definition.steps.flatMap(({ id, when }) => {
    if (when === undefined) return []
    const result = evaluate(when, context)
    const { values } = explain(when, context)
    return [{ step: id, when, met: result.ok ? result.value : null, values }]
  })
}
