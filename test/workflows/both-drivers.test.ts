import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { loadProcesses } from '../../config/processes.ts'
import type { CallOutcome, CallRequest } from '../../domain/call.ts'
import type { Event } from '../../domain/core/events/event.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { randomScenario } from '../../domain/simulate/random-scenario.ts'
import { type Scenario, scriptedWorld, type TimelessEvent, timeless, usualMs } from '../../domain/simulate/scenario.ts'
import { drive, type World as VirtualWorld } from '../../domain/simulate/virtual-driver.ts'
import { whomToTell } from '../../domain/whom-to-tell.ts'
import { commandUpdate, type OrderInput } from '../../workflows/messages.ts'
import { people } from '../domain/definitions.ts'
import { worldOfSuite } from './harness.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import type { World } from './world.ts'

/* What is proven of the core is proven of the orders that run: the same course leaves the same journal in both. */

/** How long an order is watched; a process whose deadlines are seconds gets far in that time. */
const watchMs = 10_000
/** Nothing happens closer together, so that a real server comes to it in the same order. */
const apartMs = 300
const noticeMs = 40
const scenarios = 12

const demo = loadProcesses(join(import.meta.dirname, '../../processes')).definitions.find(
  ({ definition }) => definition.process === 'demo',
)!.compiled

describe('both drivers', () => {
  const world = worldOfSuite()

  it(`[I] leave the same journal of ${scenarios} seeded scenarios`, async function () {
    this.timeout(60_000)
    const chosen = wellSpaced()
    const kinds = new Set<string>()
    await Promise.all(
      chosen.map(async scenario => {
        // A machine that stalls may bring two happenings of a real order in another order: a real difference stays.
        for (let left = 2; ; left -= 1) {
          const [real, virtual] = await bothJournals(world(), scenario)
          for (const { type } of virtual) kinds.add(type)
          if (left > 0 && !isDeepStrictEqual(inOrder(real), inOrder(virtual))) continue
          assert.deepEqual(inOrder(real), inOrder(virtual), scenario.name)
          return
        }
      }),
    )
    for (const type of ['rung.fired', 'call.failed', 'review.opened', 'compensation.started', 'order.closed']) {
      assert.ok(kinds.has(type), `no scenario led to ${type}: choose others`)
    }
  })
})

/** Telling people runs beside the order: when it is known what became of a notice is nobody's promise. */
function inOrder(journal: readonly TimelessEvent[]) {
  const bare = journal.map(({ seq: _seq, ...event }) => event)
  const isToldOf = ({ type }: { type: string }) => type === 'notice.delivered' || type === 'notice.failed'
  const told = bare.filter(isToldOf)
  const noticeOf = ({ data }: { data: unknown }) => (data as { notice: string }).notice
  return {
    course: bare.filter(event => !isToldOf(event)),
    told: told.sort((a, b) => noticeOf(a).localeCompare(noticeOf(b))),
  }
}

/** The first scenarios, by seed, in which nothing happens at nearly the same time. */
function wellSpaced(): Scenario[] {
  const chosen: Scenario[] = []
  for (let seed = 1; chosen.length < scenarios && seed < 5000; seed += 1) {
    const scenario = brief(randomScenario(demo, seed))
    const times: number[] = [watchMs]
    virtually({ definition: demo, order: scenario.order }, scenario, (atMs, type) => {
      if (type !== 'notice') times.push(atMs)
    })
    times.sort((a, b) => a - b)
    if (times.every((atMs, index) => index === 0 || atMs - times[index - 1]! >= apartMs)) chosen.push(scenario)
  }
  return chosen
}

/** The same happenings within seconds instead of days. */
function brief(scenario: Scenario): Scenario {
  const answers = Object.entries(scenario.answers).map(
    ([id, some]) => [id, some.map(({ afterMs, outcome }) => ({ afterMs: afterMs / 5, outcome }))] as const,
  )
  return {
    ...scenario,
    arrivals: scenario.arrivals.map(({ arrival }, index) => ({ afterMs: 700 + index * 1100, arrival })),
    answers: Object.fromEntries(answers),
    unreachable: [],
    untilMs: watchMs,
  }
}

async function bothJournals(world: World, scenario: Scenario): Promise<[TimelessEvent[], TimelessEvent[]]> {
  const placed = await world.place(demo, {
    order: scenario.order,
    before: order => answerBy(world, order, scenario),
  })
  const begun = performance.now()
  const pauseUntil = (atMs: number) => sleep(Math.max(0, atMs - (performance.now() - begun)))
  for (const { afterMs, arrival } of scenario.arrivals) {
    if (afterMs >= watchMs) break
    await pauseUntil(afterMs)
    if (arrival.type === 'fact') await placed.sends(arrival.fact).catch(ignoreClosed)
    if (arrival.type === 'command') {
      const { command, caller } = arrival
      await placed.handle.executeUpdate(commandUpdate, { args: [{ command, caller }] }).catch(ignoreClosed)
    }
  }
  await pauseUntil(watchMs)
  const virtual = virtually(placed.input, scenario)
  const real = (await stored(placed, virtual.length)).slice(0, Math.max(virtual.length, 1) + 50)
  return [real, virtual]
}

/** What the order's journal has once it has got as far as expected, or a little later. */
async function stored(placed: OrderUnderTest, expected: number): Promise<TimelessEvent[]> {
  for (let left = 8; ; left -= 1) {
    const journal = await placed.journal()
    if (journal.length >= expected || left === 0) return journal.map(event => timeless(plain(event)))
    await sleep(100)
  }
}

/** The store says null where an event has nothing to say. */
function plain({ reason, command, ...event }: Awaited<ReturnType<OrderUnderTest['journal']>>[number]): Event {
  return { ...event, ...(reason && { reason }), ...(command && { command }) } as unknown as Event
}

function virtually(
  { definition, order }: Pick<OrderInput, 'definition' | 'order'>,
  scenario: Scenario,
  onInput?: (atMs: number, type: string) => void,
): TimelessEvent[] {
  const journal: TimelessEvent[] = []
  const scripted = scriptedWorld(scenario)
  const world: VirtualWorld = {
    ...scripted,
    tell: (notice, nowMs) => {
      const { people: told, top } = whomToTell(people, 'main', notice, new Date(nowMs).toISOString())
      const persons = told.map(({ id }) => id)
      return { atMs: nowMs + noticeMs, outcome: { ok: true, persons, channel: 'inbox', ...(top && { top }) } }
    },
  }
  const startMs = Date.parse(scenario.startAt)
  drive(definition, order, world, {
    startMs,
    untilMs: startMs + watchMs,
    onTurn: ({ input, events }) => {
      onInput?.(Date.parse(input.at) - startMs, input.type)
      journal.push(...events.map(timeless))
    },
  })
  return JSON.parse(JSON.stringify(journal)) as TimelessEvent[]
}

/** The outside systems of the real order answer as the script says, and as late. */
function answerBy(world: World, { orderNo }: OrderUnderTest, { answers }: Scenario): void {
  const begun = new Map<string, number>()
  const answer = async (request: CallRequest): Promise<CallOutcome> => {
    const id = `${request.step}/${request.round}/${kindOf(demo, request)}`
    const times = begun.get(id) ?? 0
    begun.set(id, times + 1)
    const some = answers[id] ?? []
    const { afterMs, outcome } = some[Math.min(times, some.length - 1)] ?? comesOff
    await sleep(afterMs)
    return outcome
  }
  for (const operation of Object.keys(world.connectors.operations())) {
    world.connectors.script(orderNo, operation, ...Array.from({ length: 20 }, () => answer))
  }
}

const comesOff = { afterMs: usualMs, outcome: { ok: true, result: {} } as CallOutcome }

function kindOf(definition: CompiledDefinition, { step: id, operation }: CallRequest): 'do' | 'undo' | 'check' {
  const step = definition.steps.find(candidate => candidate.id === id)
  if (step?.kind === 'wait' && step.check === operation) return 'check'
  return step?.kind !== 'task' && step?.undo === operation ? 'undo' : 'do'
}

function ignoreClosed(error: Error): void {
  const cause = error.cause instanceof Error ? error.cause.message : ''
  if (!/not ?found|already completed|closed/i.test(`${error.name} ${error.message} ${cause}`)) throw error
}
