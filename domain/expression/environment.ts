import { Environment } from '@marcbachmann/cel-js'
import { type Money, parseMoney } from '../money/money.ts'
import { ActorView, AmendedView, CustomerView, LineView, MoneyView, OrderView, StepView } from './context-view.ts'
import type { ExpressionKind } from './expression-context.ts'
import { fields, variables } from './vocabulary.ts'

const views = {
  Money: MoneyView,
  Line: LineView,
  Customer: CustomerView,
  Order: OrderView,
  Actor: ActorView,
  Step: StepView,
  Amended: AmendedView,
}

const limits = { maxAstNodes: 400, maxDepth: 40, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 4 }

const environments = new Map<ExpressionKind, Environment>()

/** Built when the first expression needs it: every workflow loads its own copy of this module. */
export function environmentFor(kind: ExpressionKind): Environment {
  let environment = environments.get(kind)
  if (environment === undefined) {
    environment = buildEnvironment(kind)
    environments.set(kind, environment)
  }
  return environment
}

function buildEnvironment(kind: ExpressionKind): Environment {
  const environment = new Environment({ limits })
  for (const [name, ctor] of Object.entries(views)) environment.registerType(name, { ctor, fields: fields[name]! })
  for (const [name, type] of Object.entries(variables[kind])) environment.registerVariable(name, type)
  const sync = { async: false }
  // A foreign currency counts as reached: too many approvals are better than one too few.
  environment.registerFunction('atLeast(Money, string): bool', (money, text) => reaches(money, text), sync)
  environment.registerFunction('lessThan(Money, string): bool', (money, text) => !reaches(money, text), sync)
  return environment
}

const mostThresholds = 200
const thresholds = new Map<string, Money>()

function reaches(money: Money, text: string): boolean {
  const threshold = thresholds.get(text) ?? readThreshold(text)
  if (money.currency !== threshold.currency) return true
  if (money.exponent === threshold.exponent) return money.minor >= threshold.minor
  return (
    BigInt(money.minor) * 10n ** BigInt(threshold.exponent) >= BigInt(threshold.minor) * 10n ** BigInt(money.exponent)
  )
}

function readThreshold(text: string): Money {
  const parsed = parseMoney(text)
  if (!parsed.ok) throw new RangeError(parsed.reason)
  if (thresholds.size >= mostThresholds) thresholds.clear()
  thresholds.set(text, parsed.money)
  return parsed.money
}
