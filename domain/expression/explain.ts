import { moneyText } from '../money/money.ts'
import { compiledOnce } from './compile-expression.ts'
import { LineView, MoneyView, variablesOf } from './context-view.ts'
import type { ExpressionContext } from './expression-context.ts'
import { pathOf, walk } from './syntax-tree.ts'
import { variables } from './vocabulary.ts'

const longest = 200

/**
 * What an expression looked at and what it found there, `{ 'order.total': '12000.00 CNY' }`: the reasons for what it
 * said. Empty for an expression that is not sound.
 */
export function explain(text: string, context: ExpressionContext): { readonly values: Record<string, string> } {
  const compiled = compiledOnce(text)
  if (!compiled.ok) return { values: {} }
  const known: object = variablesOf(context)
  const paths: (readonly (string | number)[])[] = []
  walk(compiled.parsed.ast, (node, items) => {
    const path = pathOf(node)
    if (path === undefined || items.includes(String(path[0])) || !Object.hasOwn(variables.permission, path[0]!)) return
    // The walk comes to the whole path first, then to its beginnings, which say nothing more.
    const last = paths.at(-1)
    if (last === undefined || !path.every((key, index) => last[index] === key)) paths.push(path)
  })
  return { values: Object.fromEntries(paths.map(path => [textOf(path), shown(valueAt(known, path))])) }
}

function textOf([variable, ...keys]: readonly (string | number)[]): string {
  const named = (key: string | number) => typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key)
  return String(variable) + keys.map(key => (named(key) ? `.${key}` : `[${JSON.stringify(key)}]`)).join('')
}

function valueAt(from: object, path: readonly (string | number)[]): unknown {
  let value: unknown = from
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    if (key in Object.prototype && !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}

function shown(value: unknown): string {
  const text = textFor(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

function textFor(value: unknown): string {
  if (value === undefined) return '(missing)'
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof MoneyView) return moneyText(value)
  if (value instanceof LineView) return `${value.quantity} x ${value.sku}`
  if (Array.isArray(value)) return value.map(textFor).join(', ')
  return JSON.stringify(value)
}
