import { z } from 'zod'
import type { CompiledCalendar } from '../calendar/compile-calendar.ts'
import { identifier, ownerText } from '../definition/definition-schema.ts'
import { durationText, parseDuration } from '../duration.ts'
import type { ExceptionRules, KindRules, TellingRung } from './exception-rules.ts'
import { type ExceptionKind, exceptionKinds, severities, usualSeverity } from './kind.ts'

/* `processes/exceptions.yaml`: who owns what is abnormal, and who is told, when, as long as nobody looks into it. */

const target = ownerText.describe('owner, manager, process-owner, a person or a role')
const every = durationText.optional().describe('again and again, until the next rung; the last rung must')
const rungSchema = z.union(
  [
    z.strictObject({ after: durationText, remind: target, every }),
    z.strictObject({ after: durationText, escalate: target, every }),
  ],
  { error: 'a rung is "after" with remind or escalate, and may have "every"' },
)

const treatment = {
  owner: ownerText.describe('of what nothing else gives an owner'),
  calendar: identifier.describe('whose working time the rungs count in'),
  acknowledged: durationText.describe('how long an acknowledgement holds; after that it is open again'),
  ladder: z.array(rungSchema).min(1).max(20),
}

const kindSchema = z
  .strictObject({ severity: z.enum(severities), after: durationText.describe('of a ghost'), ...treatment })
  .partial()

/** Nothing raises a `rule` yet: what is said of it would be read and do nothing. */
const raised = exceptionKinds.filter(kind => kind !== 'rule')

export const exceptionRulesSchema = z
  .strictObject({
    usual: z.strictObject(treatment).describe('for every kind that says nothing else'),
    kinds: z.partialRecord(z.enum(raised), kindSchema).default({}),
  })
  .superRefine(({ kinds }, context) => {
    for (const [kind, { after }] of Object.entries(kinds)) {
      if (after === undefined || kind === 'ghost') continue
      const message = 'only a ghost has it: how long its order may be late'
      context.addIssue({ code: 'custom', path: ['kinds', kind, 'after'], message })
    }
  })

export type ExceptionRulesFile = z.infer<typeof exceptionRulesSchema>
export type ExceptionRungDefinition = z.infer<typeof rungSchema>

/** How long an order may be late that facts have come for. */
const usualGhostAfter = '1d'

/** @throws RangeError if it names a calendar that is not given: the loader checks first. */
export function compileExceptionRules(
  file: ExceptionRulesFile,
  calendars: Readonly<Record<string, CompiledCalendar>>,
): ExceptionRules {
  const rules = exceptionKinds.map((kind): [ExceptionKind, KindRules] => {
    const own = (kind === 'rule' ? undefined : file.kinds[kind]) ?? {}
    const { owner, calendar: id, acknowledged, ladder } = { ...file.usual, ...own }
    const calendar = calendars[id]
    if (calendar === undefined) throw new RangeError(`no calendar "${id}"`)
    return [
      kind,
      {
        severity: own.severity ?? usualSeverity[kind],
        owner,
        calendar,
        ladder: ladder.map(compileRung),
        acknowledgedFor: duration(acknowledged),
        after: duration(own.after ?? usualGhostAfter),
      },
    ]
  })
  return Object.fromEntries(rules)
}

function compileRung(rung: ExceptionRungDefinition): TellingRung {
  const after = duration(rung.after)
  const repeat = rung.every === undefined ? {} : { every: duration(rung.every) }
  return 'remind' in rung
    ? { after, action: 'remind', target: rung.remind, ...repeat }
    : { after, action: 'escalate', target: rung.escalate, ...repeat }
}

function duration(text: string) {
  const parsed = parseDuration(text)
  if (parsed === undefined) throw new RangeError(`not a duration: ${text}`)
  return parsed
}
