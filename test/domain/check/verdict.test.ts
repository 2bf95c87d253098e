import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readYaml } from '../../../config/read-yaml.ts'
import { checkDefinition } from '../../../domain/check/check-definition.ts'
import { WorstCases } from '../../../domain/check/explore/cost.ts'
import { explore } from '../../../domain/check/explore/explore.ts'
import { settingFor } from '../../../domain/check/explore/setting.ts'
import { judgeEnds } from '../../../domain/check/verdict/judge-ends.ts'
import { compileDefinition } from '../../../domain/definition/compile-definition.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { definitionSchema } from '../../../domain/definition/definition-schema.ts'
import { options, standard, surroundings } from './surroundings.ts'

const raw = readYaml(readFileSync('processes/express.yaml', 'utf8')).value as Record<string, unknown>
const compiled = compileDefinition(definitionSchema.parse(raw), surroundings.calendars, surroundings.operations)

/** What the exploration says of a process that the rules would have refused long before. */
function ends(definition: CompiledDefinition) {
  const worst = new WorstCases(definition.calendars[definition.calendar]!, options.from)
  const setting = settingFor(definition, standard, { ...surroundings, organisation: 'main', worst })
  return judgeEnds(definition, explore(setting, () => true).nodes)
}

describe('the verdict of the exploration', () => {
  it('[U] has nothing against a good process', () => {
    assert.deepEqual(ends(compiled), [])
  })

  it('[U] finds the limbo of a review that tells nobody, and how an order gets there', () => {
    const problems = ends({ ...compiled, review: { ...compiled.review, ladder: [] } })
    const limbo = problems.filter(({ code }) => code === 'limbo')
    assert.ok(limbo.length > 0)
    assert.ok(limbo.some(({ step }) => step === 'stock'))
    for (const { trail } of limbo) assert.ok(trail!.length > 0)
  })

  it('[U] finds the limbo after a ladder that comes to its end', () => {
    const steps = compiled.steps.map(step =>
      step.id === 'signing' ? { ...step, ladder: step.ladder.filter(rung => rung.action !== 'fallback') } : step,
    )
    assert.ok(ends({ ...compiled, steps }).some(({ code, step }) => code === 'limbo' && step === 'signing'))
  })

  it('[U] is unproven when it has to stop, and never proven by stopping early', () => {
    for (const stopped of [{ maximumStates: 50 }, { shouldStop: () => true }]) {
      const report = checkDefinition({ ...surroundings, definition: raw }, { ...options, ...stopped })
      assert.equal(report.result, 'unproven')
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['unproven'],
      )
    }
    const all = checkDefinition({ ...surroundings, definition: raw }, options)
    const exactly = checkDefinition({ ...surroundings, definition: raw }, { ...options, maximumStates: all.states })
    assert.equal(exactly.result, 'proven')
  })

  it('[U] holds a definition to a higher bound only where the installation has raised it', () => {
    const steps = structuredClone(raw.steps) as { ladder?: unknown }[]
    steps[0]!.ladder = [
      { after: '12d', remind: 'owner' },
      { after: '13d', fallback: 'cancel' },
    ]
    const definition = { ...raw, silence: { wait: '13d' }, steps }
    const codes = (maximumSilence?: { task: string; wait: string }) =>
      checkDefinition(
        { ...surroundings, definition },
        { ...options, ...(maximumSilence && { maximumSilence }) },
      ).problems.map(({ code, step }) => `${code} ${step}`)
    assert.deepEqual(codes(), ['silence_raised null'])
    // Thirteen working days may be more than 21 days of wall time, which nobody can raise.
    assert.deepEqual(codes({ task: '3d', wait: '13d' }), ['silence payment'])
  })

  it('[U] is over the holidays that its calendar knows: with a longer one it takes longer by the wall clock, and is refused', () => {
    const sales = readYaml(readFileSync('processes/sales.yaml', 'utf8')).value
    const office = surroundings.calendars['cn-office']!
    const day = (date: string) => Date.parse(date) / 86_400_000
    const free = (from: string, days: number) =>
      Array.from({ length: days }, (_, index) => [day(from) + index]).concat(
        office.special.filter(([at]) => at! < day(from) || at! >= day(from) + days).map(one => [...one]),
      )
    const report = (special: readonly (readonly number[])[]) => {
      const sorted = special.toSorted((a, b) => a[0]! - b[0]!)
      const calendars = { ...surroundings.calendars, 'cn-office': { ...office, special: sorted } }
      return checkDefinition({ ...surroundings, calendars, definition: sales }, options)
    }
    const longest = ({ steps }: ReturnType<typeof report>) => Math.max(...steps.map(({ toPerson }) => toPerson.wallMs))
    const known = report(office.special)
    const longer = report(free('2026-10-01', 10))
    assert.equal(known.result, 'proven')
    assert.equal(longer.result, 'proven')
    assert.ok(longest(report(office.special.filter(([at]) => at! > day('2026-12-01')))) < longest(known))
    assert.ok(longest(longer) > longest(known))
    const month = report(free('2026-10-01', 31))
    assert.equal(month.result, 'refused')
    assert.ok(month.problems.every(({ code }) => code === 'silence'))
  }).timeout(60_000)

  it('[U] refuses a calendar of so many years that it is too much to carry along', () => {
    const days = Array.from({ length: 700 }, (_, index) => [20_000 + 7 * index, 540, 720, 780, 1080])
    const office = { ...surroundings.calendars['cn-office']!, special: days }
    const calendars = { ...surroundings.calendars, 'cn-office': office }
    const { problems } = checkDefinition({ ...surroundings, calendars, definition: raw }, options)
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['too_large'],
    )
    assert.match(problems[0]!.mend, /with its calendars it takes \d+ bytes/)
  })
})
