// Shape only, and by hand: the API has judged the content, and a schema library would be loaded anew by each order.
import type { CommandType } from '../domain/core/command.ts'

const types: Readonly<Record<CommandType, true>> = {
  approve: true,
  reject: true,
  send_back: true,
  transfer: true,
  hold: true,
  release: true,
  retry: true,
  cancel: true,
}

/** What is wrong with the shape of a command; undefined: nothing. */
export function malformedCommand(request: unknown): string | undefined {
  if (!isRecord(request)) return 'a command comes as {command, caller}'
  const { command, caller } = request
  if (!isRecord(command) || typeof command.type !== 'string' || !Object.hasOwn(types, command.type)) {
    return `command.type is one of ${Object.keys(types).join(', ')}`
  }
  for (const field of ['id', 'step', 'to', 'hold', 'reason'] as const) {
    if (command[field] !== undefined && typeof command[field] !== 'string') return `command.${field} is a text`
  }
  if ((command.type === 'send_back' || command.type === 'transfer') && command.to === undefined)
    return 'command.to is missing'
  if (command.expectedSeq !== undefined && !Number.isInteger(command.expectedSeq))
    return 'command.expectedSeq is a whole number'
  if (!isRecord(caller) || typeof caller.actor !== 'string' || typeof caller.organisation !== 'string') {
    return 'caller.actor and caller.organisation are texts'
  }
  if (!isTexts(caller.roles)) return 'caller.roles is a list of texts'
  if (!Array.isArray(caller.allowed) || !caller.allowed.every(isAllowedRow))
    return 'caller.allowed is a list of {statuses, when?}'
  return undefined
}

/** What is wrong with the shape of a fact; undefined: nothing. */
export function malformedFact(fact: unknown): string | undefined {
  if (!isRecord(fact)) return 'a fact is an object'
  for (const field of ['id', 'source', 'type', 'claimedAt'] as const) {
    if (typeof fact[field] !== 'string') return `${field} is a text`
  }
  if (fact.amountMinor !== undefined && !isCount(fact.amountMinor))
    return 'amountMinor is a whole number of minor units'
  if (fact.lines !== undefined && (!Array.isArray(fact.lines) || !fact.lines.every(isLine))) {
    return 'lines is a list of {line?, sku, quantity}'
  }
  return undefined
}

function isLine(line: unknown): boolean {
  return isRecord(line) && typeof line.sku === 'string' && isCount(line.quantity)
}

function isAllowedRow(row: unknown): boolean {
  return (
    isRecord(row) &&
    (row.statuses === 'open' || isTexts(row.statuses)) &&
    (row.when === undefined || typeof row.when === 'string')
  )
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
