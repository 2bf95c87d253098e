// Runs inside workflows: no schema library, no time and nothing of the machine may enter this file.
import { compiledOnce, compileExpression } from './compile-expression.ts'
import { variablesOf } from './context-view.ts'
import type { ExpressionContext, ExpressionKind } from './expression-context.ts'
import { describeError, type Flaw } from './flaw.ts'

export { explain } from './explain.ts'
export type { ExpressionContext, ExpressionKind } from './expression-context.ts'

/**
 * Whether an expression (CEL) may be published: it parses, knows every name and field it uses, gives true or false,
 * and looks at nothing but the order and, in permission conditions, at who asks.
 */
export function checkExpression(
  text: string,
  kind: ExpressionKind = 'entry',
): { readonly ok: true } | ({ readonly ok: false } & Flaw) {
  const compiled = compileExpression(text, kind)
  return compiled.ok ? { ok: true } : compiled
}

export type Evaluation =
  | { readonly ok: true; readonly value: boolean }
  | { readonly ok: false; readonly reason: string }

/**
 * What an expression says of an order. A failure is a value, never thrown: the expression is not sound, an attribute
 * that it asks for is missing or of another type, or it asks for an actor where there is none.
 */
export function evaluate(text: string, context: ExpressionContext): Evaluation {
  const compiled = compiledOnce(text)
  if (!compiled.ok) return { ok: false, reason: compiled.reason }
  let value: unknown
  try {
    value = compiled.parsed(variablesOf(context))
  } catch (error) {
    return { ok: false, reason: describeError(error, 'permission').reason }
  }
  if (typeof value === 'boolean') return { ok: true, value }
  return { ok: false, reason: `the expression gives ${typeof value}, not true or false` }
}
