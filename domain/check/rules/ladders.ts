import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import { durationMs } from '../../calendar/working-time.ts'
import type { RungDefinition } from '../../definition/definition-schema.ts'
import { type Duration, parseDuration } from '../../parse-duration.ts'
import { fallbacks } from './fallbacks.ts'
import { Findings, type Rule, type RuleContext } from './rule.ts'

/** A ladder of the definition, wherever it stands. */
export interface LadderPlace {
  readonly of: 'step' | 'partial' | 'hold' | 'review'
  /** Of a hold: its type. */
  readonly name: string
  readonly path: readonly PropertyKey[]
  /** What stands where the ladder should. */
  readonly around: readonly PropertyKey[]
  readonly step: string | null
  readonly ladder: readonly RungDefinition[] | undefined
  readonly calendar: string
}

/** Every wait has a ladder whose rungs are in order, of one kind of time, and that ends in a way out. */
export const ladders: Rule = context => {
  const found = new Findings()
  if (context.definition.review === undefined) {
    found.add('review_missing', [], null, 'Add "review" with an owner and a ladder whose last rung repeats.')
  }
  for (const place of ladderPlaces(context)) {
    const { ladder, path } = place
    if (ladder === undefined || ladder.length === 0) {
      const what = place.of === 'step' || place.of === 'partial' ? `"${place.name}"` : `the ${place.of} "${place.name}"`
      found.add(
        'ladder_missing',
        ladder === undefined ? place.around : path,
        place.step,
        `Give ${what} a ladder that ends in a fallback.`,
      )
      continue
    }
    judgeOrder(found, place, ladder, context.calendars[place.calendar])
    judgeEnd(found, place, ladder)
    fallbacks(found, context, place, ladder)
  }
  context.definition.steps.forEach((step, index) => {
    if (step.kind !== 'call' || step.ladder === undefined) return
    const mend = `Remove the ladder of "${step.id}": a call ends by giveUpAfter and onFailure.`
    found.add('ladder_unused', ['steps', index, 'ladder'], step.id, mend)
  })
  return found.problems
}

function ladderPlaces({ definition }: RuleContext): LadderPlace[] {
  const places: LadderPlace[] = []
  const { calendar, review } = definition
  if (review !== undefined) {
    const path = ['review', 'ladder']
    places.push({ of: 'review', name: 'review', path, around: path, step: null, ladder: review.ladder, calendar })
  }
  for (const [type, { ladder }] of Object.entries(definition.holds ?? {})) {
    const around = ['holds', type]
    places.push({ of: 'hold', name: type, path: [...around, 'ladder'], around, step: null, ladder, calendar })
  }
  definition.steps.forEach((step, index) => {
    const around = ['steps', index]
    const common = { name: step.id, step: step.id, calendar: step.calendar ?? calendar }
    if (step.kind !== 'call') {
      places.push({ ...common, of: 'step', path: [...around, 'ladder'], around, ladder: step.ladder })
      return
    }
    const { partial } = step
    const mode = typeof partial === 'object' ? partial.mode : partial
    const waits = mode === 'wait' || mode === 'split'
    if (!waits) return
    const ladder = typeof partial === 'object' ? partial.ladder : undefined
    const inside = [...around, 'partial']
    places.push({ ...common, of: 'partial', path: [...inside, 'ladder'], around: inside, ladder })
  })
  return places
}

function judgeOrder(
  found: Findings,
  { path, step }: LadderPlace,
  ladder: readonly RungDefinition[],
  calendar: CompiledCalendar | undefined,
): void {
  const [first] = ladder
  let before = 0
  ladder.forEach((rung, index) => {
    const after = durationOf(rung.after)
    const every = 'every' in rung && rung.every !== undefined ? durationOf(rung.every) : undefined
    const wall = first !== undefined && durationOf(first.after).wall
    if (after.wall !== wall || (every !== undefined && every.wall !== wall)) {
      const mend = 'Write all rungs of this ladder in working time, or all by the wall clock ("!").'
      found.add('ladder_mixed', [...path, index], step, mend)
      return
    }
    if (calendar === undefined) return
    const ms = durationMs(calendar, after)
    if (ms <= before) {
      found.add(
        'ladder_order',
        [...path, index, 'after'],
        step,
        `Put this rung later than the one before it: ${rung.after} is not.`,
      )
    }
    before = ms
  })
}

function judgeEnd(found: Findings, { of, name, path, step }: LadderPlace, ladder: readonly RungDefinition[]): void {
  ladder.forEach((rung, index) => {
    if (of !== 'hold' || !('transfer' in rung)) return
    const mend = `Let this rung escalate: the hold "${name}" keeps its owner.`
    found.add('transfer_unused', [...path, index, 'transfer'], step, mend)
  })
  const end = ladder.findIndex(rung => 'fallback' in rung)
  const last = ladder.at(-1)!
  const repeats = 'every' in last && last.every !== undefined
  if (end >= 0 && end < ladder.length - 1) {
    found.add('ladder_tail', [...path, end + 1], step, 'Remove what comes after the fallback: it never happens.')
  }
  if (of === 'review') {
    if (repeats) return
    const mend = 'Give the last rung of the review\'s ladder an "every": who must decide is told until it is decided.'
    found.add('review_not_repeating', [...path, ladder.length - 1], step, mend)
    return
  }
  if (end >= 0 || (of === 'hold' && repeats)) return
  const what = of === 'hold' ? `of the hold "${name}"` : `of "${name}"`
  found.add('ladder_open', [...path, ladder.length - 1], step, `End the ladder ${what} in a fallback.`)
}

function durationOf(text: string): Duration {
  return parseDuration(text)!
}
