import { workflowInfo } from '@temporalio/workflow'
import type { CompiledCalendar } from '../../../domain/calendar/compile-calendar.ts'
import { addWorking } from '../../../domain/calendar/working-time.ts'
import { type Evaluation, type ExpressionContext, evaluate, explain } from '../../../domain/expression/expression.ts'

/** Uses what an order's workflow uses of calendars and expressions. Never run by a worker. */
export async function judge(calendar: CompiledCalendar, from: string, text: string, context: ExpressionContext) {
  return { run: workflowInfo().runId, ...judged(calendar, from, text, context) }
}

/** The same without Temporal around it. */
export function judged(
  calendar: CompiledCalendar,
  from: string,
  text: string,
  context: ExpressionContext,
): { at: string; evaluation: Evaluation; values: Record<string, string> } {
  return {
    at: addWorking(calendar, from, { days: 3, ms: 0, wall: false }).at,
    evaluation: evaluate(text, context),
    values: explain(text, context).values,
  }
}
