import type { CompiledCalendar } from '../calendar/compile-calendar.ts'
import { type Duration, parseDuration, wallMs } from '../duration.ts'
import { operations } from '../operation.ts'
import { type StepStatus, stepStatuses } from '../status.ts'
import type {
  CompiledDefinition,
  Facet,
  Flow,
  HoldType,
  Idempotency,
  Retry,
  Rung,
  Step,
} from './compiled-definition.ts'
import type { Definition, RungDefinition, StepDefinition } from './definition-schema.ts'

/** What a definition falls back on; the check refuses those that may not be left out (owner, ladder, giveUpAfter). */
const defaults = {
  silence: { task: '3d', wait: '10d' },
  retry: { initial: '1s', backoff: 2, maximum: '5m', giveUpAfter: '30m' },
} as const

/**
 * Fills in every default of a definition and takes a snapshot of the calendars it uses.
 * @throws RangeError if it names a calendar that is not given: the loader checks first.
 */
export function compileDefinition(
  definition: Definition,
  calendars: Readonly<Record<string, CompiledCalendar>>,
  idempotency: Readonly<Record<string, Idempotency>> = {},
): CompiledDefinition {
  const flow = definition.flow ?? derivedFlow(definition.steps)
  const steps = definition.steps.map((step, index) => compileStep(definition, step, index, idempotency))
  const used = new Set([definition.calendar, ...steps.map(step => step.calendar)])
  return {
    id: definition.process,
    version: definition.version,
    title: definition.title,
    owner: definition.owner,
    calendar: definition.calendar,
    flow,
    runs: definition.runs ?? false,
    permissions: definition.permissions,
    silence: {
      task: duration(definition.silence?.task ?? defaults.silence.task),
      wait: duration(definition.silence?.wait ?? defaults.silence.wait),
    },
    review: {
      owner: definition.review?.owner ?? definition.owner,
      ladder: (definition.review?.ladder ?? []).map(compileRung),
    },
    on: definition.on ?? {},
    statuses: Object.fromEntries(
      Object.entries(definition.statuses ?? {}).map(([id, status]) => [
        id,
        { title: status.title, countsAs: status.counts_as },
      ]),
    ),
    holds: Object.fromEntries(
      Object.entries(definition.holds ?? {}).map(([type, hold]) => [type, compileHold(definition, type, hold)]),
    ),
    steps,
    calendars: Object.fromEntries([...used].map(id => [id, calendarNamed(calendars, id)])),
  }
}

function calendarNamed(calendars: Readonly<Record<string, CompiledCalendar>>, id: string): CompiledCalendar {
  const calendar = calendars[id]
  if (calendar === undefined) throw new RangeError(`no calendar "${id}"`)
  return calendar
}

function compileStep(
  definition: Definition,
  step: StepDefinition,
  index: number,
  idempotency: Readonly<Record<string, Idempotency>>,
): Step {
  const countsAs = countedAs(definition, step.status)
  const base = {
    id: step.id,
    title: step.title ?? { en: step.id, zh: step.id },
    status: step.status,
    countsAs,
    after: step.after ?? precedingStep(definition.steps, index),
    ...(step.when === undefined ? {} : { when: step.when }),
    owner: step.owner ?? definition.owner,
    calendar: step.calendar ?? definition.calendar,
    on: step.on ?? {},
    stopsAll: step.stopsAll ?? false,
    irreversible: step.irreversible ?? false,
    ladder: (step.ladder ?? []).map(compileRung),
    ...facetOf(step, countsAs),
  }
  switch (step.kind) {
    case 'task':
      return { ...base, kind: 'task', onReject: step.onReject ?? 'cancel' }
    case 'wait':
      return {
        ...base,
        kind: 'wait',
        fact: step.fact,
        ...(step.undo === undefined ? {} : { undo: step.undo }),
        ...(step.check === undefined ? {} : { check: step.check }),
      }
    case 'call':
      return {
        ...base,
        kind: 'call',
        do: step.do,
        idempotency: idempotency[step.do] ?? 'key',
        effect: operations[step.do]?.effect ?? 'none',
        ...(step.undo === undefined ? {} : { undo: step.undo }),
        retry: compileRetry(step.retry),
        onFailure: step.onFailure ?? 'review',
        ...(step.partial === undefined ? {} : { partial: compilePartial(step.partial) }),
      }
  }
}

/** Without `after`, a step follows the one before it. */
function precedingStep(steps: Definition['steps'], index: number): string[] {
  const previous = steps[index - 1]
  return previous === undefined ? [] : [previous.id]
}

function countedAs(definition: Definition, status: string): StepStatus {
  if ((stepStatuses as readonly string[]).includes(status)) return status as StepStatus
  return definition.statuses?.[status]?.counts_as ?? 'pending_approval'
}

function facetOf(step: StepDefinition, countsAs: StepStatus): { facet?: Facet } {
  if (step.facet === 'none') return {}
  if (step.facet !== undefined) return { facet: step.facet }
  if (step.kind === 'task') return countsAs === 'pending_approval' ? { facet: 'approval' } : {}
  const about = step.kind === 'call' ? step.do : step.fact
  if (about.startsWith('payment.') || about.startsWith('invoice.')) return { facet: 'payment' }
  if (/^(inventory|stock|shipment|supplier|goods)\./.test(about)) return { facet: 'fulfilment' }
  return {}
}

function derivedFlow(steps: Definition['steps']): Flow {
  const about = steps.map(step => (step.kind === 'call' ? step.do : step.kind === 'wait' ? step.fact : ''))
  return about.some(name => name.startsWith('shipment.')) ? 'outbound' : 'none'
}

function compileRetry(
  retry: { initial?: string; backoff?: number; maximum?: string; giveUpAfter?: string } = {},
): Retry {
  return {
    initialMs: wallMs(duration(retry.initial ?? defaults.retry.initial)),
    backoff: retry.backoff ?? defaults.retry.backoff,
    maximumMs: wallMs(duration(retry.maximum ?? defaults.retry.maximum)),
    giveUpAfterMs: wallMs(duration(retry.giveUpAfter ?? defaults.retry.giveUpAfter)),
  }
}

type PartialMode = 'wait' | 'split' | 'cancel'

function compilePartial(partial: PartialMode | { mode: PartialMode; ladder?: RungDefinition[] }) {
  if (typeof partial === 'string') return { mode: partial, ladder: [] }
  return { mode: partial.mode, ladder: (partial.ladder ?? []).map(compileRung) }
}

function compileHold(definition: Definition, type: string, hold: NonNullable<Definition['holds']>[string]): HoldType {
  return {
    title: hold.title ?? { en: type, zh: type },
    owner: hold.owner ?? definition.owner,
    blocksSteps: hold.blocks?.steps ?? 'all',
    blocksCommands: hold.blocks?.commands ?? [],
    release: hold.release ?? [],
    ladder: (hold.ladder ?? []).map(compileRung),
  }
}

export function compileRung(rung: RungDefinition): Rung {
  const after = duration(rung.after)
  if ('fallback' in rung) return { after, action: 'fallback', fallback: rung.fallback }
  if ('transfer' in rung) return { after, action: 'transfer', target: rung.transfer }
  const every = rung.every === undefined ? {} : { every: duration(rung.every) }
  if ('remind' in rung) return { after, action: 'remind', target: rung.remind, ...every }
  return { after, action: 'escalate', target: rung.escalate, ...every }
}

function duration(text: string): Duration {
  const parsed = parseDuration(text)
  if (parsed === undefined) throw new RangeError(`not a duration: ${text}`)
  return parsed
}
