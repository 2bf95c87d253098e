import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readYaml } from '../../../config/read-yaml.ts'
import { workingBetween } from '../../../domain/calendar/working-time.ts'
import { silence } from '../../../domain/check/explore/bounds.ts'
import { WorstCases } from '../../../domain/check/explore/cost.ts'
import { explore } from '../../../domain/check/explore/explore.ts'
import { settingFor } from '../../../domain/check/explore/setting.ts'
import { stateKey } from '../../../domain/check/explore/state-key.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import { compileDefinition } from '../../../domain/definition/compile-definition.ts'
import { definitionSchema } from '../../../domain/definition/definition-schema.ts'
import { RandomWalk, randomFrom } from './random-walk.ts'
import { options, standard, surroundings } from './surroundings.ts'

const { calendars, directory, operations } = surroundings

function exploration(file: string) {
  const definition = definitionSchema.parse(readYaml(readFileSync(file, 'utf8')).value)
  const compiled = compileDefinition(definition, calendars, operations)
  const worst = new WorstCases(compiled.calendars[compiled.calendar]!, options.from)
  const setting = settingFor(compiled, standard, { directory, organisation: 'main', worst })
  return { compiled, worst, setting, ...explore(setting, () => true) }
}

/** Interrupted twice over, or on the way back: explored in some orders only. */
function isPlain(state: OrderState): boolean {
  const kept = Object.values(state.steps).some(step => step.effect === 'kept')
  return state.compensation === null && !kept && !Object.values(state.reviews).some(review => review.scope === 'order')
}

for (const file of [
  'processes/sales.yaml',
  'processes/cod.yaml',
  'processes/purchase.yaml',
  'processes/return.yaml',
  'test/domain/check/good/ten-steps.yaml',
]) {
  describe(`the exploration of ${file}`, () => {
    const { compiled, worst, setting, nodes, keys } = exploration(file)
    const bound = silence(nodes)
    const calendar = compiled.calendars[compiled.calendar]!
    const walks = Array.from({ length: 300 }, (_, index) => index + 1)

    it('[U] has visited every state that orders come to in real time', () => {
      const seen = new Set<string>()
      for (const seed of walks) {
        const walk = new RandomWalk(setting, randomFrom(seed), options.from)
        const happened: string[] = []
        for (let step = 0; step < 80 && walk.step('people'); step++) {
          happened.push(...walk.events.map(event => event.type))
          if (!isPlain(walk.state)) continue
          const key = stateKey(setting, walk.state)
          assert.ok(keys.has(key), `seed ${seed}, ${key}: ${happened.join(' ')}`)
          seen.add(key)
        }
      }
      assert.ok(seen.size > 15, `${seen.size}`)
    })

    it('[U] bounds the silence of orders in real time', () => {
      let longest = 0
      for (const seed of walks) {
        const random = randomFrom(seed)
        const walk = new RandomWalk(setting, random, options.from)
        for (let step = Math.floor(random() * 40); step > 0 && walk.step('people'); step--);
        for (const { state, workingMs, wallMs } of silences(walk)) {
          const index = keys.get(stateKey(setting, state))
          if (index === undefined || !isPlain(state)) continue
          const most = worst.of(bound.from(index))
          assert.ok(workingMs <= most.workingMs, `seed ${seed}: ${workingMs} ms of work, not ${most.workingMs}`)
          assert.ok(wallMs <= most.wallMs, `seed ${seed}: ${wallMs} ms, not ${most.wallMs}`)
          longest = Math.max(longest, workingMs / most.workingMs)
        }
        assert.ok(walk.state.closed !== null || walk.step('nobody'), `seed ${seed}: nothing goes on any more`)
      }
      // The bound is no idle one.
      assert.ok(longest > 0.5, `${longest}`)
    })

    it('[U] bounds it also where an order is disturbed in ways that are not covered', () => {
      const all = nodes.map((_, index) => worst.of(bound.from(index)))
      const most = Math.max(...all.map(time => time.workingMs))
      for (const seed of walks) {
        const random = randomFrom(seed)
        const walk = new RandomWalk(setting, random, options.from)
        for (let step = Math.floor(random() * 60); step > 0 && walk.step('disturbed'); step--);
        for (const { workingMs } of silences(walk)) assert.ok(workingMs <= most, `seed ${seed}: ${workingMs} ms`)
        assert.ok(walk.state.closed !== null || walk.step('nobody'), `seed ${seed}: nothing goes on any more`)
      }
    })

    /** From now on with nobody acting: from what state, and how long, until the next notice is delivered or it closes. */
    function* silences(walk: RandomWalk): Generator<{ state: OrderState; workingMs: number; wallMs: number }> {
      let { state, at } = walk
      for (let step = 0; step < 60 && walk.step('nobody'); step++) {
        const told = walk.events.some(event => event.type === 'notice.delivered')
        if (!told && walk.state.closed === null) continue
        yield { state, workingMs: workingBetween(calendar, at, walk.at), wallMs: walk.at - at }
        ;({ state, at } = walk)
      }
    }
  })
}
