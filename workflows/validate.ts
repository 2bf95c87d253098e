// Shape only, and by hand: the API has judged the content, and a schema library would be loaded anew by each order.
// What could never be journalled must not get past this, whoever sends it.

import { calendarFlaw } from '../domain/calendar/calendar-flaw.ts'
import type { CommandType } from '../domain/core/commands/command.ts'
import { definitionFlaw } from '../domain/definition/definition-flaw.ts'
import { isPositive, malformedMerge, malformedSplit } from './malformed-parts.ts'
import { isCount, isListOf, isName, isOptional, isRecord, isText, longestName, longestText } from './shapes.ts'

const types: Readonly<Record<CommandType, true>> = {
  approve: true,
  reject: true,
  send_back: true,
  claim: true,
  transfer: true,
  hold: true,
  release: true,
  retry: true,
  cancel: true,
  recompute_deadlines: true,
  confirm: true,
  decline: true,
  skip: true,
  void: true,
  rollback: true,
  amend: true,
  migrate: true,
  override: true,
  split: true,
  merge: true,
}

/** What is wrong with the shape of a command; undefined: nothing. */
export function malformedCommand(request: unknown): string | undefined {
  if (!isRecord(request)) return 'a command comes as {command, caller}'
  const { command, caller } = request
  if (!isRecord(command) || typeof command.type !== 'string' || !Object.hasOwn(types, command.type)) {
    return `command.type is one of ${Object.keys(types).join(', ')}`
  }
  for (const field of ['id', 'step', 'to', 'hold', 'status', 'proposal'] as const) {
    if (!isOptional(command[field], isName)) return `command.${field} is a text of 1 to ${longestName} characters`
  }
  const unfit = malformedOwn(command)
  if (unfit !== undefined) return unfit
  if (!isOptional(command.reason, isText)) return `command.reason is a text of at most ${longestText} characters`
  if (command.type === 'recompute_deadlines') {
    const flaw = calendarsFlaw(command.calendars)
    if (flaw !== undefined) return `command.calendars: ${flaw}`
  }
  if (namesTarget.includes(command.type) && command.to === undefined) return 'command.to is missing'
  if (!isOptional(command.expectedSeq, isCount)) return 'command.expectedSeq is a whole number'
  if (!isRecord(caller) || !isName(caller.actor) || !isName(caller.organisation)) {
    return `caller.actor and caller.organisation are texts of 1 to ${longestName} characters`
  }
  if (!isListOf(caller.roles, isName)) return 'caller.roles is a list of texts'
  if (caller.service !== undefined && caller.service !== true) return 'caller.service is true or left out'
  if (!isListOf(caller.allowed, isAllowedRow)) return 'caller.allowed is a list of {statuses, when?, confirm?}'
  if (!isOptional(caller.matrixVersion, isName)) return 'caller.matrixVersion is a text'
  if (!isOptional(caller.left, left => isListOf(left, isName))) return 'caller.left is a list of texts'
  if (!isOptional(caller.proposable, isProposable)) return 'caller.proposable is lists of rows, by command'
  if (!isOptional(caller.standsInFor, absent => isListOf(absent, isAbsent))) {
    return 'caller.standsInFor is a list of {id, because, roles, allowed}'
  }
  return undefined
}

function isAbsent(absent: unknown): boolean {
  return (
    isRecord(absent) &&
    isName(absent.id) &&
    (absent.because === 'absent' || absent.because === 'left') &&
    isListOf(absent.roles, isName) &&
    isListOf(absent.allowed, isAllowedRow)
  )
}

const namesTarget: readonly string[] = ['send_back', 'transfer', 'rollback']
const needsReason: readonly string[] = ['skip', 'void', 'rollback', 'override']

/** What a dangerous command must say. */
function malformedOwn(command: Record<string, unknown>): string | undefined {
  if (needsReason.includes(`${command.type}`) && !command.reason) return 'command.reason is missing'
  if ((command.type === 'confirm' || command.type === 'decline') && command.proposal === undefined)
    return 'command.proposal is missing'
  if (command.type === 'amend') return malformedChanges(command.changes)
  if (command.type === 'migrate') return malformedMigrate(command)
  if (command.type === 'split') return malformedSplit(command)
  if (command.type === 'merge') return malformedMerge(command)
  if (command.type !== 'override') return
  if (command.status === undefined) return 'command.status is missing'
  if (!isText(command.evidence) || command.evidence === '') return 'command.evidence is missing'
  const { data = {} } = command
  if (!isRecord(data)) return 'command.data is {parcel?, lines?, amount?}'
  if (!isOptional(data.parcel, isName)) return 'command.data.parcel is a text'
  if (!isOptional(data.amount, isAmount)) return 'command.data.amount is an amount'
  if (!isOptional(data.lines, lines => isListOf(lines, isLine)))
    return 'command.data.lines is a list of {line?, sku, quantity}'
  return
}

const mostChangesCharacters = 100_000

function malformedChanges(changes: unknown): string | undefined {
  if (!isRecord(changes)) return 'command.changes is {lines?, charges?, attributes?}'
  const { lines, charges, attributes } = changes
  if (!isOptional(lines, some => isListOf(some, isChangedLine)))
    return 'command.changes.lines is a list of {line, quantity?, unitPrice?} or {sku, quantity, unitPrice}'
  if (!isOptional(charges, some => isListOf(some, isCharge)))
    return 'command.changes.charges is a list of {type, amount}'
  const isNamed = (some: unknown) => isRecord(some) && Object.keys(some).every(isName)
  if (!isOptional(attributes, isNamed)) return 'command.changes.attributes is values by their names'
  const size = JSON.stringify(changes).length
  if (size > mostChangesCharacters) return `command.changes has ${size} characters; ${mostChangesCharacters} are taken`
  return
}

function isAmount(amount: unknown): boolean {
  return isText(amount) || typeof amount === 'number'
}

function isChangedLine(line: unknown): boolean {
  if (!isRecord(line) || !isOptional(line.quantity, isCount)) return false
  if (line.line !== undefined) return isCount(line.line) && isOptional(line.unitPrice, isAmount)
  return isName(line.sku) && Number(line.quantity) > 0 && isAmount(line.unitPrice)
}

function isCharge(charge: unknown): boolean {
  const types: readonly unknown[] = ['tax', 'shipping_fee', 'discount']
  return isRecord(charge) && types.includes(charge.type) && isAmount(charge.amount)
}

function malformedMigrate({ version, definition }: Record<string, unknown>): string | undefined {
  if (!isPositive(version)) return 'command.version is a whole number'
  const flaw = definitionFlaw(definition)
  return flaw && `command.definition: ${flaw}`
}

/** What is wrong with the shape of a fact; undefined: nothing. */
export function malformedFact(fact: unknown): string | undefined {
  if (!isRecord(fact)) return 'a fact is an object'
  for (const field of ['id', 'source', 'type'] as const) {
    if (!isName(fact[field])) return `${field} is a text of 1 to ${longestName} characters`
  }
  if (!isTime(fact.claimedAt)) return 'claimedAt is a time like 2026-03-02T01:00:00.000Z'
  if (!isOptional(fact.parcel, isName)) return `parcel is a text of 1 to ${longestName} characters`
  if (!isOptional(fact.note, isText)) return `note is a text of at most ${longestText} characters`
  if (!isOptional(fact.amountMinor, isCount)) return 'amountMinor is a whole number of minor units'
  if (!isOptional(fact.lines, lines => isListOf(lines, isLine))) return 'lines is a list of {line?, sku, quantity}'
  return undefined
}

/** They stay in the state of the order, which goes from run to run. */
const mostCalendarCharacters = 16_384

function calendarsFlaw(calendars: unknown): string | undefined {
  if (!isRecord(calendars)) return "today's calendars, compiled, by their ids"
  for (const [id, calendar] of Object.entries(calendars)) {
    const flaw = calendarFlaw(calendar)
    if (flaw !== undefined) return `"${id}": ${flaw}`
    if ((calendar as { id: string }).id !== id) return `"${id}": its id is another one`
  }
  const size = JSON.stringify(calendars).length
  return size <= mostCalendarCharacters ? undefined : `${size} characters; at most ${mostCalendarCharacters} are kept`
}

function isLine(line: unknown): boolean {
  return isRecord(line) && isName(line.sku) && isCount(line.quantity) && isOptional(line.line, isCount)
}

function isAllowedRow(row: unknown): boolean {
  return (
    isRecord(row) &&
    (row.statuses === 'open' || isListOf(row.statuses, isName)) &&
    isOptional(row.when, isText) &&
    isOptional(row.confirm, isConfirmation)
  )
}

function isConfirmation(confirm: unknown): boolean {
  return isRecord(confirm) && isListOf(confirm.roles, isName) && isName(confirm.within) && isCount(confirm.levels)
}

function isFullRow(row: unknown): boolean {
  return isAllowedRow(row) && isListOf((row as Record<string, unknown>).roles, isName)
}

function isProposable(rows: unknown): boolean {
  return isRecord(rows) && Object.values(rows).every(some => isListOf(some, isFullRow))
}

/** ISO 8601 with its offset, and since 1970: a database has no room for every year that can be written. */
function isTime(value: unknown): boolean {
  return isText(value) && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(value) && Date.parse(value) >= 0
}
