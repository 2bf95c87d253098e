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
})
