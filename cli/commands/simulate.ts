import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readEnvironment } from '../../config/environment.ts'
import { loadProcesses } from '../../config/processes.ts'
import { readYaml } from '../../config/read-yaml.ts'
import type { Silence } from '../../domain/audit/silence-bound.ts'
import { compileDefinition } from '../../domain/definition/compile-definition.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { definitionSchema } from '../../domain/definition/definition-schema.ts'
import { type SimulationReport, simulate } from '../../domain/simulate/simulate.ts'

const usage = `usage: nolimbo simulate DEFINITION [--orders 10000] [--seed 7] [--days 60] [--json]

  DEFINITION   a process definition (YAML), or the name of a process in NOLIMBO_PROCESSES (default: processes/)

Runs made-up orders through the process under a virtual clock, with random delays, failures, partial stock and absent
people. Exit 0: the silence bound held and every sum adds up; 1: not; 2: usage.`

/** Where the simulated time begins: fixed, so that the same seed gives the same journals on any day. */
const startAt = '2026-03-02T01:00:00.000Z'

export function run(args: readonly string[]): number {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  const definition = definitionNamed(asked.name)
  if (typeof definition === 'string') {
    console.error(definition)
    return 2
  }
  const begun = performance.now()
  const report = simulate(definition, { orders: asked.orders, seed: asked.seed, days: asked.days, startAt })
  const seconds = (performance.now() - begun) / 1000
  if (asked.json)
    console.log(JSON.stringify({ ...report, ordersPerSecond: Math.round(report.orders / seconds) }, null, 2))
  else print(report, seconds)
  return report.broken.length === 0 && report.invalid.length === 0 ? 0 : 1
}

/** The definition, or what is wrong. */
function definitionNamed(name: string): CompiledDefinition | string {
  const folder = readEnvironment(process.env).processesFolder
  const { definitions, calendars, operations, problems } = loadProcesses(folder)
  const known = definitions.find(one => one.definition.process === name)
  if (known !== undefined) return known.compiled
  if (!existsSync(name)) {
    const names = definitions.map(one => one.definition.process).join(', ')
    const wrong = problems.map(({ file, line, message }) => `${file}:${line}  ${message}\n`).join('')
    return `${wrong}there is no file "${name}", and no such process in ${folder}: ${names}`
  }
  try {
    return compileDefinition(definitionSchema.parse(readYaml(readFileSync(name, 'utf8')).value), calendars, operations)
  } catch (error) {
    return `${name} is no process definition: ${(error as Error).message}`
  }
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        orders: { type: 'string', default: '10000' },
        seed: { type: 'string', default: '7' },
        days: { type: 'string', default: '60' },
        json: { type: 'boolean', default: false },
      },
    })
    const [name, ...extra] = positionals
    const [orders, seed, days] = [values.orders, values.seed, values.days].map(Number) as [number, number, number]
    const valid = [orders, days].every(number => Number.isInteger(number) && number > 0) && Number.isInteger(seed)
    return name === undefined || extra.length > 0 || !valid
      ? undefined
      : { name, orders, seed, days, json: values.json }
  } catch {
    return undefined
  }
}

function print(report: SimulationReport, seconds: number): void {
  console.log(
    `${report.orders} orders, ${report.events} events, ${Math.round(report.orders / seconds)} orders a second\n`,
  )
  console.log('how they ended')
  for (const [end, count] of sorted(report.ends)) console.log(`  ${String(count).padStart(7)}  ${end}`)
  console.log('\nrungs that fired')
  for (const [rung, count] of sorted(report.rungs)) console.log(`  ${String(count).padStart(7)}  ${rung}`)
  console.log('\nlongest silence')
  console.log(`  a person or connector had to act   ${silenceText(report.longest.task)}`)
  console.log(`  the outside world had to report    ${silenceText(report.longest.wait)}`)
  for (const silence of report.broken.slice(0, 10)) console.log(`  BROKEN  ${silenceText(silence)}`)
  for (const { orderNo, problems } of report.invalid.slice(0, 10))
    console.log(`  INVALID ${orderNo}: ${problems.join('; ')}`)
  const held =
    report.broken.length === 0 ? 'the silence bound held' : `the silence bound was broken ${report.broken.length} times`
  const sums = report.invalid.length === 0 ? 'every sum adds up' : `${report.invalid.length} orders do not add up`
  console.log(`\n${held}; ${sums}; journals ${report.fingerprint}`)
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([, a], [, b]) => b - a)
}

function silenceText(silence: Silence | undefined): string {
  if (silence === undefined) return 'none'
  const hours = (ms: number) => (ms / 3_600_000).toFixed(1)
  return `${hours(silence.workingMs)} working hours, ${hours(silence.wallMs)} hours on the wall (${silence.orderNo}, from ${silence.from})`
}
