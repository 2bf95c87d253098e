import type { WaitingStep } from '../floor/order-desk.ts'
import { table } from '../page/figures.ts'
import { surroundings } from '../page/surroundings.ts'
import type { Section } from '../page/write-section.ts'
import type { CostOfRung } from './cost-of-rung.ts'
import type { DaysOfWaiting } from './days-of-waiting.ts'
import type { Level } from './level.ts'
import { partNames, sumOf } from './part-use.ts'
import type { Recovery } from './recovery.ts'

export interface WaitingRun {
  readonly kind: 'dev' | 'postgres'
  readonly count: number
  readonly sample: number
  readonly idleS: number
  readonly levels: readonly Level[]
  readonly rungs: Readonly<Record<WaitingStep, CostOfRung>>
  readonly days: readonly DaysOfWaiting[]
  readonly recovery: Recovery
}

const daySeconds = 86_400

export function waitingSection(run: WaitingRun, where: { readonly server: string; readonly store: string }): Section {
  const { kind, count, sample, idleS, levels, recovery } = run
  const text = `${count} orders wait for their approval, on one worker. What a whole order costs beside them, against the same with ${levels[0]!.waiting} waiting:

${table(
  ['waiting', 'CPU an order', 'approve p50', 'start to end p50'],
  levels.map(level => ratios(level, levels[0]!)),
)}

One order: placed, approved, its calls made, delivered, closed; ${sample} of them, five at once, in milliseconds:

${table(['waiting', ...partNames.map(name => `CPU ${name}`), 'approve p50', 'start to end p50', 'came to wait, a second'], levels.map(beside))}

All only wait: resident memory in MB, and milliseconds of CPU a second, over ${idleS} s:

${table(['waiting', 'worker MB', 'API MB', 'server MB', ...partNames.map(name => `CPU ${name}`)], levels.map(idle))}

${perOrder(levels)}

### A day of waiting

By the definition's ladders under the virtual clock, and what a rung adds by real histories. Between its rungs an order that waits has nothing but its timer: no event, no action.

${table(
  [
    'waits at',
    'days to its fallback',
    'rungs until then',
    'events a rung',
    'billable actions a rung',
    'events a day',
    'billable actions a day',
  ],
  run.days.map(days => dayRow(days, run.rungs[days.step])),
)}

### The worker is killed

kill -9 with ${count} orders waiting; another worker started ${(recovery.downMs / 1000).toFixed(0)} s later. Counted from its start:

${table(['', ''], recoveryRows(recovery))}

${surroundings({ ...where, extent: `${count} orders; API, worker and sandbox processes of their own; the worker keeps as many orders in memory as it chooses to by itself` })}`
  const options = `--orders ${count} --server ${kind} --sample ${sample} --idle ${idleS}`
  return { title: 'Orders that wait', command: `npm run waiting -- ${options} --write`, text }
}

function ratios({ waiting, beside }: Level, base: Level): (string | number)[] {
  const of = (value: number, other: number) => (value / other).toFixed(2)
  return [
    waiting,
    of(sumOf(beside.cpuMs), sumOf(base.beside.cpuMs)),
    of(beside.approveP50Ms, base.beside.approveP50Ms),
    of(beside.wholeP50Ms, base.beside.wholeP50Ms),
  ]
}

function beside({ waiting, aSecond, beside: { cpuMs, approveP50Ms, wholeP50Ms } }: Level): (string | number)[] {
  const came = aSecond === null ? '' : aSecond.toFixed(1)
  return [
    waiting,
    ...partNames.map(name => cpuMs[name].toFixed(0)),
    approveP50Ms.toFixed(0),
    wholeP50Ms.toFixed(0),
    came,
  ]
}

function idle({ waiting, memory, idle: use }: Level): (string | number)[] {
  const memories = [memory.workerMb, memory.apiMb, memory.serverMb].map(mb => mb.toFixed(0))
  return [waiting, ...memories, ...partNames.map(name => use[name].toFixed(1))]
}

/** Of all that wait at the end, over what there was with none. */
function perOrder(levels: readonly Level[]): string {
  const [first, last] = [levels[0]!, levels.at(-1)!]
  const more = last.waiting - first.waiting
  const kb = (name: keyof Level['memory']) => (((last.memory[name] - first.memory[name]) * 1024) / more).toFixed(0)
  const cpuADay = (((sumOf(last.idle) - sumOf(first.idle)) / more) * daySeconds) / 1000
  return `An order that waits: ${kb('workerMb')} KB of the worker's memory, ${kb('serverMb')} KB of the Temporal server's; ${cpuADay.toFixed(2)} s of CPU a day of all parts together, beyond what they use with none waiting.`
}

function dayRow({ step, days, rungs }: DaysOfWaiting, { events, actions }: CostOfRung): (string | number)[] {
  const aDay = (each: number) => ((each * rungs) / days).toFixed(1)
  return [step, days.toFixed(1), rungs, events, actions, aDay(events), aDay(actions)]
}

function recoveryRows(recovery: Recovery): (string | number)[][] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  return [
    ['the worker polls', seconds(recovery.readyMs)],
    [`commands to ${recovery.asked} of the orders, sent at once: first answer`, seconds(recovery.firstAnswerMs)],
    ['half of them answered', seconds(recovery.answerP50Ms)],
    ['all answered', seconds(recovery.allAnswersMs)],
    [
      `their calls made, and waiting for delivery: ${recovery.acted} of ${recovery.asked}`,
      seconds(recovery.allActedMs),
    ],
    [
      `rungs that fell due without a worker: ${recovery.fired} of ${recovery.due} fired, each told once`,
      seconds(recovery.allFiredMs),
    ],
  ]
}
