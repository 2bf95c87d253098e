import { calendarFlaw } from '../calendar/calendar-flaw.ts'
import type { CompiledDefinition } from './compiled-definition.ts'

/*
 * Whether something is a compiled definition, by hand: it is asked inside workflows, where no schema library is loaded.
 * Whatever passes can be decided by; whether it is a good one, the check has said before it was published.
 */

/** It stays in the state of an order, which goes from run to run. */
const mostCharacters = 16_384

/** What is wrong with it; undefined: nothing. */
export function definitionFlaw(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it is no object'
  const { id, version, owner, calendar, flow, permissions, silence, review, steps, calendars } = value
  if (!isName(id) || !isCount(version) || !isName(owner) || !isName(permissions)) {
    return 'id, owner and permissions are texts, version is a number'
  }
  if (!isTitle(value.title)) return 'title is {en, zh}'
  if (typeof value.runs !== 'boolean' || !flows.includes(flow)) return `runs is true or false, flow ${flows.join(', ')}`
  if (!isRecord(silence) || !isDuration(silence.task) || !isDuration(silence.wait)) return 'silence is {task, wait}'
  if (!isRecord(review) || !isName(review.owner) || !isLadder(review.ladder)) return 'review is {owner, ladder}'
  if (!isRecordOf(value.on, isName)) return 'on is actions by facts'
  if (!isRecordOf(value.statuses, isStatus)) return 'statuses are {title, countsAs} by their names'
  if (!isRecordOf(value.holds, isHold)) return 'holds are by their types'
  if (!isRecord(calendars) || !isName(calendar) || !Object.hasOwn(calendars, calendar)) return 'its calendar is missing'
  for (const [name, own] of Object.entries(calendars)) {
    const flaw = calendarFlaw(own)
    if (flaw !== undefined) return `the calendar "${name}": ${flaw}`
  }
  const flaw = stepsFlaw(steps, calendars)
  if (flaw !== undefined) return flaw
  const size = JSON.stringify(value).length
  return size <= mostCharacters ? undefined : `${size} characters; at most ${mostCharacters} are kept`
}

const flows: readonly unknown[] = ['outbound', 'inbound', 'return', 'none'] satisfies CompiledDefinition['flow'][]

/** Each comes after those it names: so there is no circle in which all wait for each other. */
function stepsFlaw(steps: unknown, calendars: Record<string, unknown>): string | undefined {
  if (!Array.isArray(steps) || steps.length === 0) return 'steps is a list'
  const ids = new Set<unknown>()
  for (const [index, step] of steps.entries()) {
    if (!isStep(step) || ids.has(step.id)) return `step ${index + 1} is none`
    if (!isListOf(step.after, isName) || !Object.hasOwn(calendars, `${step.calendar}`)) {
      return `step ${index + 1} comes after steps, and its calendar is there`
    }
    ids.add(step.id)
  }
  const known = new Map(steps.map(step => [step.id, step.after as string[]]))
  const over = new Set<string>()
  for (let before = -1; before !== over.size; ) {
    before = over.size
    for (const [id, after] of known) if (after.every(other => over.has(other))) over.add(id)
  }
  return over.size === known.size ? undefined : 'its steps wait for each other, or for none that is there'
}

function isStep(step: unknown): step is Record<string, unknown> {
  if (!isRecord(step)) return false
  const { id, title, status, countsAs, when, owner, on, stopsAll, irreversible, ladder } = step
  const names = isName(id) && isName(status) && isName(countsAs) && isName(owner)
  const flags = typeof stopsAll === 'boolean' && typeof irreversible === 'boolean'
  const texts = isTitle(title) && (when === undefined || typeof when === 'string')
  return names && flags && texts && isRecordOf(on, isName) && isLadder(ladder) && isOfKind(step)
}

function isOfKind(step: Record<string, unknown>): boolean {
  const undo = step.undo === undefined || isName(step.undo)
  switch (step.kind) {
    case 'task':
      return isName(step.onReject) || (isRecord(step.onReject) && isName(step.onReject.send_back))
    case 'call': {
      const { retry, partial } = step
      const numbers = ['initialMs', 'backoff', 'maximumMs', 'giveUpAfterMs'] as const
      const retries = isRecord(retry) && numbers.every(name => typeof retry[name] === 'number' && retry[name] > 0)
      const part = partial === undefined || (isRecord(partial) && isName(partial.mode) && isLadder(partial.ladder))
      return undo && retries && part && isName(step.do) && isName(step.effect) && isName(step.onFailure)
    }
    case 'wait':
      return undo && isName(step.fact) && (step.check === undefined || isName(step.check))
    default:
      return false
  }
}

function isLadder(ladder: unknown): boolean {
  return isListOf(ladder, rung => {
    if (!isRecord(rung) || !isDuration(rung.after)) return false
    if (rung.action === 'fallback') return isName(rung.fallback)
    return isName(rung.action) && isName(rung.target) && (rung.every === undefined || isDuration(rung.every))
  })
}

function isHold(hold: unknown): boolean {
  if (!isRecord(hold)) return false
  const { title, owner, blocksSteps, blocksCommands, release, ladder } = hold
  const blocks = (some: unknown) => some === 'all' || isListOf(some, isName)
  return (
    isTitle(title) &&
    isName(owner) &&
    blocks(blocksSteps) &&
    blocks(blocksCommands) &&
    isListOf(release, isName) &&
    isLadder(ladder)
  )
}

function isStatus(status: unknown): boolean {
  return isRecord(status) && isTitle(status.title) && isName(status.countsAs)
}

function isTitle(title: unknown): boolean {
  return isRecord(title) && isName(title.en) && isName(title.zh)
}

function isDuration(duration: unknown): boolean {
  if (!isRecord(duration)) return false
  return isCount(duration.days) && isCount(duration.ms) && typeof duration.wall === 'boolean'
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 200
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is)
}

function isRecordOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(is)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
