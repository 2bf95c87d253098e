import type { CallOutcome } from '../call.ts'
import type { Command } from '../core/commands/command.ts'
import type { CompiledDefinition, Step } from '../definition/compiled-definition.ts'
import { madeUpOrder } from './made-up-order.ts'
import { Random } from './random.ts'
import { permitted } from './random-world.ts'
import type { Scenario, ScriptedAnswer, ScriptedArrival } from './scenario.ts'

const hourMs = 3_600_000

/**
 * A scenario of this process, the same for the same seed. What happens lies at least a second apart, so that two
 * drivers with a little jitter come to it in the same order.
 */
export function randomScenario(definition: CompiledDefinition, seed: number): Scenario {
  const random = new Random(seed)
  const order = madeUpOrder(definition, random, seed)
  const arrivals = definition.steps.flatMap(step => arrivalsAt(step, random))
  if (random.chance(0.15)) arrivals.push(reported(random, 'customer.cancelled'))
  if (random.chance(0.15)) arrivals.push(asked(random, { type: 'send_back', to: random.pick(definition.steps).id }))
  const [hold] = Object.keys(definition.holds)
  if (hold !== undefined && random.chance(0.2)) {
    arrivals.push(asked(random, { type: 'hold', hold }))
    if (random.chance(0.5)) arrivals.push(asked(random, { type: 'release', hold }))
  }
  return {
    name: `${definition.id}, seed ${seed}`,
    order,
    startAt: '2026-03-02T01:00:00.000Z',
    arrivals: apart(arrivals, random),
    answers: Object.fromEntries(definition.steps.flatMap((step, index) => answersOf(step, index, random))),
    unreachable: random.chance(0.2) ? [random.pick(definition.steps).owner] : [],
    untilMs: 45 * 24 * hourMs,
  }
}

/** Nobody does anything, or they approve, reject or report; what has failed is tried again. */
function arrivalsAt(step: Step, random: Random): ScriptedArrival[] {
  if (random.chance(0.2)) return []
  switch (step.kind) {
    case 'task':
      return [asked(random, { type: random.chance(0.85) ? 'approve' : 'reject', step: step.id })]
    case 'wait':
      return random.chance(0.2)
        ? [reported(random, step.fact), reported(random, step.fact)]
        : [reported(random, step.fact)]
    case 'call':
      return random.chance(0.5) ? [asked(random, { type: 'retry', step: step.id })] : []
    default:
      return step satisfies never
  }
}

/** The answers of steps side by side do not come at the same time. */
function answersOf(step: Step, index: number, random: Random): [string, readonly ScriptedAnswer[]][] {
  if (step.kind === 'task') return []
  const some = (kind: 'do' | 'undo' | 'check', offsetMs: number): [string, readonly ScriptedAnswer[]][] =>
    [1, 2].map(round => [
      `${step.id}/${round}/${kind}`,
      [
        { afterMs: 2000 * (index + 1) + offsetMs, outcome: outcome(random) },
        { afterMs: 2000 * (index + 1) + offsetMs, outcome: done },
      ],
    ])
  return [...some('do', 0), ...some('undo', 500), ...(step.kind === 'wait' ? some('check', 1000) : [])]
}

const done: CallOutcome = { ok: true, result: {} }

function outcome(random: Random): CallOutcome {
  if (random.chance(0.8)) return done
  const certainty = random.chance(0.5) ? 'not_done' : 'unknown'
  return { ok: false, code: 'scripted', message: 'as the script says', certainty }
}

function asked(random: Random, command: Command): ScriptedArrival {
  return { type: 'command', command: { ...command, id: `c-${random.whole(0, 1e9)}` }, caller: permitted }
}

function reported(random: Random, type: string): ScriptedArrival {
  const fact = { id: `f-${random.whole(0, 1e9)}`, source: 'script', type, claimedAt: '2026-03-02T01:00:00.000Z' }
  return { type: 'fact', fact }
}

/** In random order, each at least a minute after the one before. */
function apart(arrivals: readonly ScriptedArrival[], random: Random): Scenario['arrivals'] {
  let afterMs = 0
  return [...arrivals]
    .map(arrival => ({ arrival, weight: random.next() }))
    .sort((a, b) => a.weight - b.weight)
    .map(({ arrival }) => {
      afterMs += 60_000 + random.whole(0, 12 * hourMs)
      return { afterMs, arrival }
    })
}
