import type { Silence } from '../audit/silence-bound.ts'
import type { EventData } from '../core/events/event.ts'
import { brokenInvariants } from '../core/invariants.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { Fingerprint } from './fingerprint.ts'
import { madeUpOrder } from './made-up-order.ts'
import { Random } from './random.ts'
import { randomWorld } from './random-world.ts'
import { SilenceMeter } from './silence.ts'
import { drive } from './virtual-driver.ts'

export interface SimulationOptions {
  readonly orders: number
  readonly seed: number
  /** When the first order is placed, ISO 8601; the others follow over the next four weeks. */
  readonly startAt: string
  /** Days after which an order that is still open is left as it is. */
  readonly days: number
}

export interface SimulationReport {
  readonly orders: number
  readonly events: number
  /** How many ended how: a closed status, or `open: <status>` for those with a person who keeps being told. */
  readonly ends: Readonly<Record<string, number>>
  /** How many times each rung fired: `approval 1 remind`, `review 1 escalate`, ... */
  readonly rungs: Readonly<Record<string, number>>
  readonly longest: { readonly task?: Silence; readonly wait?: Silence }
  /** Where the silence bound did not hold. */
  readonly broken: readonly Silence[]
  /** Order numbers with what did not add up after one of their turns. */
  readonly invalid: readonly { readonly orderNo: string; readonly problems: readonly string[] }[]
  /** Of every event's type and time and of what came of the lines and the money: were two simulations the same? */
  readonly fingerprint: string
}

/** Runs made-up orders through a process under a virtual clock. The same options give the same report. */
export function simulate(definition: CompiledDefinition, options: SimulationOptions): SimulationReport {
  const meter = new SilenceMeter(definition)
  const journals = new Fingerprint()
  const ends: Record<string, number> = {}
  const rungs: Record<string, number> = {}
  const invalid: { orderNo: string; problems: string[] }[] = []
  const firstMs = Date.parse(options.startAt)
  let events = 0
  for (let index = 0; index < options.orders; index += 1) {
    const random = new Random(options.seed * 1_000_003 + index)
    const startMs = firstMs + Math.floor(random.between(0, 28 * 86_400_000))
    const untilMs = startMs + options.days * 86_400_000
    const state = drive(definition, madeUpOrder(definition, random, index), randomWorld(definition, random), {
      startMs,
      untilMs,
      onTurn: turn => {
        meter.see(turn)
        const problems = brokenInvariants(definition, turn.state)
        if (problems.length > 0) invalid.push({ orderNo: turn.state.order.orderNo, problems })
        for (const event of turn.events) {
          events += 1
          journals.add(event.type)
          journals.add(event.at)
          if (event.type === 'rung.fired') count(rungs, rungName(event.data))
        }
      },
    })
    journals.add(JSON.stringify([state.lines, state.money]))
    meter.leave(state, untilMs)
    count(ends, state.closed === null ? 'still open, with a person' : state.closed.status)
  }
  const { longest, broken } = meter
  return { orders: options.orders, events, ends, rungs, longest, broken, invalid, fingerprint: journals.text }
}

function rungName({ subject, rung, action, fallback }: EventData<'rung.fired'>): string {
  const [kind = '', id = ''] = subject.split(':')
  return `${kind === 'step' ? id : kind} ${rung + 1} ${fallback ?? action}`
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}
