import type { ASTNode, ParseResult } from '@marcbachmann/cel-js'
import { parseMoney } from '../money/money.ts'
import { environmentFor } from './environment.ts'
import type { ExpressionKind } from './expression-context.ts'
import { describeError, type Flaw, noField, typeNameOf } from './flaw.ts'
import { walk } from './syntax-tree.ts'
import { fields, functions, loops, moneyFunctions } from './vocabulary.ts'

export type CompiledExpression = { readonly ok: true; readonly parsed: ParseResult } | ({ readonly ok: false } & Flaw)

/** More would let one expression over one order of a thousand lines take seconds, in which its workflow stands still. */
const deepestLoops = 2

/** Parses an expression and checks everything that can be known of it before there is an order to try it on. */
export function compileExpression(text: string, kind: ExpressionKind): CompiledExpression {
  let parsed: ParseResult
  try {
    parsed = environmentFor(kind).parse(text)
  } catch (error) {
    return { ok: false, ...describeError(error, kind) }
  }
  const forbidden = firstFlaw(parsed.ast, flawOfUse)
  if (forbidden !== undefined) return { ok: false, ...forbidden }
  const checked = parsed.check()
  if (!checked.valid) return { ok: false, ...describeError(checked.error, kind) }
  if (checked.type !== 'bool') return { ok: false, reason: notBool(checked.type), position: 0 }
  const flaw = firstFlaw(parsed.ast, flawOfHas)
  return flaw === undefined ? { ok: true, parsed } : { ok: false, ...flaw }
}

const mostCompiled = 500
const compiledTexts = new Map<string, CompiledExpression>()

/** For evaluating, in the wider of the two vocabularies: what an entry condition may not name, the check has refused. */
export function compiledOnce(text: string): CompiledExpression {
  let compiled = compiledTexts.get(text)
  if (compiled === undefined) {
    compiled = compileExpression(text, 'permission')
    if (compiledTexts.size >= mostCompiled) compiledTexts.clear()
    compiledTexts.set(text, compiled)
  }
  return compiled
}

function notBool(type: string | undefined): string {
  if (type === 'dyn') return 'whether this is true or false is not known beforehand: compare it, as in "... == true"'
  return `the expression gives ${type}, not true or false`
}

type FindFlaw = (node: ASTNode, items: readonly string[]) => Flaw | undefined

function flawAt(node: ASTNode, reason: string): Flaw {
  return { reason, position: node.range.start }
}

function firstFlaw(ast: ASTNode, find: FindFlaw): Flaw | undefined {
  let flaw: Flaw | undefined
  walk(ast, (node, items) => {
    flaw ??= find(node, items)
  })
  return flaw
}

/** Functions and names that the library knows but an expression may not use, and money that is none. */
function flawOfUse(node: ASTNode, items: readonly string[]): Flaw | undefined {
  if (node.op === 'id') {
    // An unknown name is the type check's business; these two are the library's own.
    const own = (node.args === 'cel' || node.args === 'google') && !items.includes(node.args)
    return own ? flawAt(node, `"${node.args}" is not available`) : undefined
  }
  if (node.op !== 'call' && node.op !== 'rcall') return undefined
  const name = node.args[0]
  if (!functions.includes(name)) return flawAt(node, notAvailable(name))
  if (node.op === 'rcall') {
    const tooDeep = loops.includes(name) && items.length >= deepestLoops
    return tooDeep ? flawAt(node, `at most ${deepestLoops} of ${loops.join(', ')} may lie in each other`) : undefined
  }
  const threshold = (moneyFunctions as readonly string[]).includes(name) ? node.args[1][1] : undefined
  if (threshold?.op !== 'value' || typeof threshold.args !== 'string') return undefined
  const money = parseMoney(threshold.args)
  return money.ok ? undefined : flawAt(threshold, `in ${name}: ${money.reason}`)
}

function notAvailable(name: string): string {
  return /^(timestamp|duration|get[A-Z])/.test(name)
    ? `"${name}" is not available: an expression knows no time, deadlines belong to the ladder`
    : `"${name}" is not available; there are ${functions.join(', ')}`
}

/** `has(order.totl)` passes the library's type check and would be false for ever. */
function flawOfHas(node: ASTNode): Flaw | undefined {
  if (node.op !== 'call' || node.args[0] !== 'has') return undefined
  const steps: string[] = []
  let inner = node.args[1][0]
  while (inner?.op === '.') {
    steps.unshift(inner.args[1])
    inner = inner.args[0]
  }
  let type = typeNameOf(inner)
  for (const step of steps) {
    const known = type === undefined ? undefined : fields[type]
    if (known === undefined) return undefined
    if (!Object.hasOwn(known, step)) return flawAt(node, noField(type!, step))
    type = known[step]
  }
  return undefined
}
