import assert from 'node:assert/strict'
import { workingBetween } from '../../../domain/calendar/working-time.ts'
import { silence } from '../../../domain/check/explore/bounds.ts'
import { WorstCases } from '../../../domain/check/explore/cost.ts'
import { explore } from '../../../domain/check/explore/explore.ts'
import { settingFor } from '../../../domain/check/explore/setting.ts'
import { stateKey } from '../../../domain/check/explore/state-key.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { RandomWalk, randomFrom } from './random-walk.ts'
import { options, standard, surroundings } from './surroundings.ts'

/** A process whose states have all been visited, to be compared with what orders do in real time. */
export class Explored {
  private readonly setting: ReturnType<typeof settingFor>
  private readonly exploration: ReturnType<typeof explore>
  private readonly worst: WorstCases
  private readonly bound: ReturnType<typeof silence>
  private readonly definition: CompiledDefinition

  constructor(definition: CompiledDefinition, mostStates = 50_000) {
    const { directory } = surroundings
    this.definition = definition
    this.worst = new WorstCases(definition.calendars[definition.calendar]!, options.from)
    this.setting = settingFor(definition, standard, { directory, organisation: 'main', worst: this.worst })
    this.exploration = explore(this.setting, states => states <= mostStates)
    this.bound = silence(this.exploration.nodes)
  }

  get nodes() {
    return this.exploration.nodes
  }

  get complete(): boolean {
    return this.exploration.complete
  }

  /** Follows orders and looks each of their states up. How many different ones there were. */
  assertVisited(walks: number): number {
    const { keys } = this.exploration
    const seen = new Set<string>()
    for (let seed = 1; seed <= walks; seed++) {
      const walk = new RandomWalk(this.setting, randomFrom(seed), options.from)
      const happened: string[] = []
      for (let step = 0; step < 80 && walk.step('people'); step++) {
        happened.push(...walk.events.map(event => event.type))
        if (!isPlain(walk.state)) continue
        const key = stateKey(this.setting, walk.state)
        assert.ok(keys.has(key), `seed ${seed}, ${key}: ${happened.join(' ')}`)
        seen.add(key)
      }
    }
    return seen.size
  }

  /** Leaves orders alone at some time: nobody may be silent for longer than was said. The largest part of it that was. */
  assertBounded(walks: number): number {
    let longest = 0
    for (let seed = 1; seed <= walks; seed++) {
      const walk = this.walk(seed, 'people', 40)
      for (const { state, workingMs, wallMs } of this.silences(walk)) {
        const index = this.exploration.keys.get(stateKey(this.setting, state))
        if (index === undefined || !isPlain(state)) continue
        const most = this.worst.of(this.bound.from(index))
        assert.ok(workingMs <= most.workingMs, `seed ${seed}: ${workingMs} ms of work, not ${most.workingMs}`)
        assert.ok(wallMs <= most.wallMs, `seed ${seed}: ${wallMs} ms, not ${most.wallMs}`)
        longest = Math.max(longest, workingMs / most.workingMs)
      }
      this.assertGoesOn(walk, seed)
    }
    return longest
  }

  /** The same by the longest bound of all, for orders that are disturbed in ways that are not covered. */
  assertBoundedWhenDisturbed(walks: number): void {
    const all = this.nodes.map((_, index) => this.worst.of(this.bound.from(index)))
    const most = Math.max(...all.map(time => time.workingMs))
    for (let seed = 1; seed <= walks; seed++) {
      const walk = this.walk(seed, 'disturbed', 60)
      for (const { workingMs } of this.silences(walk)) assert.ok(workingMs <= most, `seed ${seed}: ${workingMs} ms`)
      this.assertGoesOn(walk, seed)
    }
  }

  private walk(seed: number, acts: 'people' | 'disturbed', mostSteps: number): RandomWalk {
    const random = randomFrom(seed)
    const walk = new RandomWalk(this.setting, random, options.from)
    for (let step = Math.floor(random() * mostSteps); step > 0 && walk.step(acts); step--);
    return walk
  }

  /** With nobody acting any more: from what state, and how long, until the next notice is delivered or it closes. */
  private *silences(walk: RandomWalk): Generator<{ state: OrderState; workingMs: number; wallMs: number }> {
    const calendar = this.definition.calendars[this.definition.calendar]!
    let { state, at } = walk
    for (let step = 0; step < 60 && walk.step('nobody'); step++) {
      const told = walk.events.some(event => event.type === 'notice.delivered')
      if (!told && walk.state.closed === null) continue
      yield { state, workingMs: workingBetween(calendar, at, walk.at), wallMs: walk.at - at }
      ;({ state, at } = walk)
    }
  }

  private assertGoesOn(walk: RandomWalk, seed: number): void {
    const { closed } = walk.state
    assert.ok(closed !== null || walk.step('nobody'), `seed ${seed}: nothing goes on any more`)
  }
}

/** Neither interrupted twice over nor on the way back: those are visited in some orders only. */
function isPlain(state: OrderState): boolean {
  const kept = Object.values(state.steps).some(step => step.effect === 'kept')
  return state.compensation === null && !kept && !Object.values(state.reviews).some(review => review.scope === 'order')
}
