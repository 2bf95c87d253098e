import { parseArgs } from 'node:util'
import type { Client } from '@temporalio/client'
import { readEnvironment } from '../../config/environment.ts'
import { temporalAccess } from '../../config/temporal-access.ts'
import { connected } from '../../worker/versions/connected.ts'
import { defaultDeployment, makeCurrent } from '../../worker/versions/deployment.ts'
import { canRead, type Moved, moveOrders } from '../../worker/versions/move-orders.ts'
import { whyNoMoves } from '../../worker/versions/server-version.ts'
import type { Place } from '../../worker/versions/workflows-on.ts'
import { defaultTaskQueue } from '../../workflows/messages.ts'
import { type VersionRow, versionList, versionTable } from '../release/version-list.ts'

const usage = `usage: nolimbo release [VERSION | --move] [--dry-run] [--wait SECONDS] [--json]

Without more: lists the versions of nolimbo's code that workers have, how many orders are open on each, and whether its
workers may be stopped.

  VERSION         make this one current: new orders go to it. Then tell the open orders of the others, which move to it
                  as soon as they are idle; one in the middle of a call moves when that has come off. The version before
                  is as good a VERSION: that takes a release back
  --move          only tell the orders, once more: of the version that is current
  --dry-run       say what would be done, and do nothing
  --wait SECONDS  how long orders that are not idle are waited for (default: 30); they move later all the same
  --json          print everything as JSON

Asks the Temporal server that TEMPORAL_ADDRESS names (default: 127.0.0.1 and TEMPORAL_PORT).
exit code: 0 done, 1 some orders cannot move as it is, 2 usage, 3 the server does not answer or refuses`

interface Asked {
  readonly version?: string
  readonly move: boolean
  readonly dryRun: boolean
  readonly waitMs: number
  readonly json: boolean
}

export interface Where {
  readonly place: Place
  readonly print: (line: string) => void
  readonly printError: (line: string) => void
}

const here: Where = {
  place: { deploymentName: defaultDeployment, taskQueue: defaultTaskQueue },
  print: line => console.log(line),
  printError: line => console.error(line),
}

/** `nolimbo release`: which code the orders run on, and moving them on. */
export async function run(args: readonly string[], where: Where = here): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    where.printError(usage)
    return 2
  }
  const { temporal } = readEnvironment(process.env)
  const address = temporal.address ?? `127.0.0.1:${temporal.port}`
  try {
    return await connected(temporalAccess(temporal, address), temporal.namespace, client =>
      release(client, asked, where),
    )
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { details?: string } }
    where.printError(`the Temporal server at ${address}: ${cause?.details ?? message}`)
    return 3
  }
}

async function release(client: Client, asked: Asked, where: Where): Promise<number> {
  const { place, print, printError } = where
  const rows = await versionList(client, place)
  const current = rows.find(({ is }) => is === 'current')
  if (asked.version === undefined && !asked.move) {
    print(asked.json ? JSON.stringify({ versions: rows }) : versionTable(rows))
    return rows.some(({ is }) => is === 'without workers') ? 1 : 0
  }
  const target = asked.move ? current : rows.find(({ buildId }) => buildId === asked.version)
  if (target === undefined || target.buildId === null) {
    const known = rows.flatMap(({ buildId }) => buildId ?? []).join(', ') || 'none'
    printError(asked.move ? 'no version is current yet' : `no worker has version "${asked.version}"; known: ${known}`)
    return 2
  }
  if (target.workers === 0) {
    printError(`no worker of version ${target.buildId} polls: start one first`)
    return 1
  }
  if (asked.dryRun) return printPlan(asked, where, rows, target.buildId, current?.buildId ?? null)
  if (target !== current) {
    await makeCurrent(client, { ...place, buildId: target.buildId }, 'always')
    if (!asked.json) print(`${target.buildId} is current; before: ${current?.buildId ?? 'none'}`)
  }
  const noMoves = await whyNoMoves(client)
  if (noMoves !== undefined) {
    printError(`${noMoves}: open orders stay where they are until they end`)
    return 1
  }
  const moved = await moveOrders(client, {
    ...place,
    buildId: target.buildId,
    patienceMs: asked.waitMs,
    ...(asked.json ? {} : { tell: progress(print) }),
  })
  const after = await versionList(client, place)
  if (asked.json) print(JSON.stringify({ current: target.buildId, ...moved, versions: after }))
  else printResult(moved, target.buildId, print)
  const stranded = after.filter(({ is }) => is === 'without workers').map(({ buildId }) => buildId)
  if (stranded.length > 0 && !asked.json) print(`no worker of ${stranded.join(', ')} polls: its orders stand still`)
  return stranded.length > 0 || moved.later.some(({ why }) => why.startsWith('its workflow task')) ? 1 : 0
}

function printPlan(
  { json }: Asked,
  { print }: Where,
  rows: readonly VersionRow[],
  to: string,
  from: string | null,
): number {
  const others = rows.filter(({ buildId, open }) => buildId !== to && open > 0)
  const told = others.filter(({ buildId }) => canRead(to, buildId))
  const kept = others.filter(({ buildId }) => !canRead(to, buildId))
  if (json) {
    print(JSON.stringify({ current: from, would: { current: to, tell: told, keep: kept } }))
    return 0
  }
  print(from === to ? `${to} is current already` : `${to} would be current; now: ${from ?? 'none'}`)
  for (const { buildId, open, workers } of told) {
    const stands = workers === 0 && buildId !== null ? ' (no worker of it polls: they could not move)' : ''
    print(`${open} open on ${buildId ?? 'no version'} would be told${stands}`)
  }
  for (const { buildId, open } of kept) print(`${open} open on ${buildId} would stay: ${unreadable}`)
  if (others.length === 0) print('no order is open on any other version')
  return 0
}

const unreadable = 'the version cannot read what they have written'
const mostNamed = 20

function printResult({ moved, ended, later, kept }: Moved, to: string, print: Where['print']): void {
  print(`${moved} moved to ${to}, ${ended} ended meanwhile, ${later.length} go later, ${kept} stay`)
  if (kept > 0) print(`those that stay: ${unreadable}`)
  for (const { workflowId, buildId, why } of later.slice(0, mostNamed)) {
    print(`  ${workflowId}  ${buildId ?? 'no version'}: ${why}`)
  }
  if (later.length > mostNamed) print(`  and ${later.length - mostNamed} more`)
}

/** A line whenever something has moved. */
function progress(print: Where['print']): (now: { readonly left: number; readonly of: number }) => void {
  let before: number | undefined
  return ({ left, of }) => {
    if (of > 0 && left !== before) print(`${of - left} of ${of} have moved`)
    before = left
  }
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const options = {
      move: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      wait: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
    } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [version, ...more] = positionals
    const waitS = Number(values.wait)
    const isAsked = version !== undefined || values.move
    if (more.length > 0 || (version !== undefined && values.move) || (values['dry-run'] && !isAsked)) return undefined
    if (values.wait.trim() === '' || !(waitS >= 0 && waitS <= 86_400)) return undefined
    const { move, json } = values
    return { ...(version && { version }), move, dryRun: values['dry-run'], waitMs: waitS * 1000, json }
  } catch {
    return undefined
  }
}
