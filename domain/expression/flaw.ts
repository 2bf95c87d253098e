import { type ASTNode, EvaluationError, ParseError, TypeError as TypeFlaw } from '@marcbachmann/cel-js'
import type { ExpressionKind } from './expression-context.ts'
import { fields, variables } from './vocabulary.ts'

/** What is wrong with an expression, and from which character on (the first is 0). */
export interface Flaw {
  readonly reason: string
  readonly position?: number
}

/** The library's error in words that help the author of the expression. */
export function describeError(error: unknown, kind: ExpressionKind): Flaw {
  if (!(error instanceof ParseError || error instanceof TypeFlaw || error instanceof EvaluationError)) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
  const reason = mended(error.code, error.node as ASTNode | undefined, kind) ?? error.summary
  return error.range === undefined ? { reason } : { reason, position: error.range.start }
}

function mended(code: string, node: ASTNode | undefined, kind: ExpressionKind): string | undefined {
  switch (code) {
    case 'unknown_variable': {
      if (node?.op !== 'id') return undefined
      if (Object.hasOwn(variables.permission, node.args)) return `"${node.args}" is known only in permission conditions`
      return `"${node.args}" is not known here; known are ${Object.keys(variables[kind]).join(', ')}`
    }
    case 'no_such_key': {
      if (node?.op !== '.' && node?.op !== '[]') return undefined
      const type = typeNameOf(node.args[0])
      const key = typeof node.args[1] === 'string' ? node.args[1] : node.args[1].op === 'value' ? node.args[1].args : ''
      return type !== undefined && Object.hasOwn(fields, type) ? noField(type, String(key)) : undefined
    }
    case 'no_such_overload': {
      const types =
        node !== undefined && Array.isArray(node.args) ? node.args.map(part => typeNameOf(part as ASTNode)) : []
      return types.includes('Money') ? moneyHint : undefined
    }
    default:
      return undefined
  }
}

const moneyHint = 'money has no fields or operators: compare it as in atLeast(order.total, "10000.00 CNY")'

export function noField(type: string, field: string): string {
  const known = Object.keys(fields[type] ?? {})
  return known.length === 0 ? moneyHint : `${type.toLowerCase()} has no field "${field}"; it has ${known.join(', ')}`
}

/** The type checker leaves its result on the node; the library's declarations do not mention it. */
export function typeNameOf(node: ASTNode | undefined): string | undefined {
  return (node as { checkedType?: { name?: string } } | undefined)?.checkedType?.name
}
