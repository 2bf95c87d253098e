import type { ExpressionKind } from './expression-context.ts'

/** Everything an expression may name. The types are those of CEL; `Money` and the other capitalised ones are declared here. */

export const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Money: {},
  Line: { sku: 'string', quantity: 'int', unitPrice: 'Money' },
  Customer: { id: 'string', name: 'string', attributes: 'map<string, dyn>' },
  Order: {
    orderNo: 'string',
    organisation: 'string',
    currency: 'string',
    total: 'Money',
    lineCount: 'int',
    units: 'int',
    attributes: 'map<string, dyn>',
    customer: 'Customer',
    lines: 'list<Line>',
  },
  Actor: { id: 'string', roles: 'list<string>', organisation: 'string' },
  Step: { id: 'string', owner: 'string', mine: 'bool' },
  Amended: { total: 'Money', change: 'Money' },
}

const entryVariables = { order: 'Order' }
const ofCommand = { asked: 'string', step: 'Step', amended: 'Amended' }
const permissionVariables = { ...entryVariables, actor: 'Actor', placedBy: 'string', ...ofCommand }

export const variables: Readonly<Record<ExpressionKind, Readonly<Record<string, string>>>> = {
  entry: entryVariables,
  permission: permissionVariables,
}

/** Compare money with a text such as `"10000.00 CNY"`. */
export const moneyFunctions = ['atLeast', 'lessThan'] as const

/** Calls that name a variable for each item of a list: `order.lines.exists(line, line.quantity > 10)`. */
export const loops: readonly string[] = ['all', 'exists', 'exists_one', 'filter', 'map']

/**
 * The functions that may be called. The library has more: none that reads a clock or a time zone comes in here, no
 * regular expression (some take exponential time, and an order would be stuck in one), and not `dyn`, which would
 * switch the type check off.
 */
export const functions: readonly string[] = [
  ...moneyFunctions,
  ...loops,
  'has',
  'size',
  'contains',
  'startsWith',
  'endsWith',
  'indexOf',
  'lastIndexOf',
  'substring',
  'lowerAscii',
  'upperAscii',
  'trim',
  'join',
  'type',
  'string',
  'bool',
  'int',
  'double',
]
