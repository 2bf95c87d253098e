import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { audit } from '../../api/audit.ts'
import { readEnvironment } from '../../config/environment.ts'
import type { JournalSilence } from '../../domain/audit/audit-order.ts'
import type { AuditReport } from '../../domain/audit/audit-report.ts'
import { openStore } from '../../store/open-store.ts'
import { FolderInUse } from '../../store/store-error.ts'

const usage = `usage: nolimbo audit [--since TIME] [--process P] [--json]

Recomputes from the journals of all orders how long each was silent: nobody was told anything, and nothing came from
outside. Names every order and time where that was longer than it may be. Open orders are counted up to now.

  --since TIME   leave out silences that had ended by then (ISO 8601: 2026-03-02 or 2026-03-02T02:00:00Z)
  --process P    orders of this process only

It reads DATABASE_URL or, without one, the store in NOLIMBO_DATA; if a running nolimbo has that open, it asks its API on
HOST and PORT, for the organisation of NOLIMBO_KEY (default: demo-qin).

exit code: 0 the bound was kept, 1 it was broken, 2 usage, or the journals cannot be read`

interface Asked {
  readonly processId?: string
  readonly since?: string
  readonly json: boolean
}

/** `nolimbo audit`: whether the promise was kept, by what is written down. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  try {
    const report = await reportOf(asked)
    console.log(asked.json ? JSON.stringify(report, null, 2) : reportText(report))
    return report.result === 'kept' ? 0 : 1
  } catch (error) {
    console.error(`nolimbo audit: ${(error as Error).message}`)
    return 2
  }
}

async function reportOf({ json: _json, ...filter }: Asked): Promise<AuditReport> {
  const { databaseUrl, dataFolder, host, port } = readEnvironment(process.env)
  if (databaseUrl === undefined && !existsSync(join(dataFolder, 'store', 'pglite'))) {
    throw new Error(`there is no store in ${dataFolder}: set DATABASE_URL or NOLIMBO_DATA`)
  }
  try {
    const store = await openStore({ dataFolder, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
    try {
      return await audit(store, filter, new Date().toISOString())
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof FolderInUse) return askApi(filter, `http://${host}:${port}`, error)
    throw error
  }
}

async function askApi(filter: Omit<Asked, 'json'>, url: string, inUse: FolderInUse): Promise<AuditReport> {
  const query = new URLSearchParams()
  if (filter.processId !== undefined) query.set('process', filter.processId)
  if (filter.since !== undefined) query.set('since', filter.since)
  const headers = { authorization: `Bearer ${process.env.NOLIMBO_KEY ?? 'demo-qin'}` }
  const response = await fetch(`${url}/api/audit?${query}`, { headers }).catch(() => undefined)
  if (response === undefined) throw new Error(`${inUse.message}; and no API answers at ${url}`)
  const answer = (await response.json()) as AuditReport & { readonly detail?: string }
  if (!response.ok) throw new Error(answer.detail ?? `the API answered ${response.status}`)
  return answer
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const options = { json: { type: 'boolean' }, since: { type: 'string' }, process: { type: 'string' } } as const
    const { values } = parseArgs({ args: [...args], options })
    const since = values.since === undefined ? undefined : timeOf(values.since)
    if (values.since !== undefined && since === undefined) return
    return {
      json: values.json ?? false,
      ...(since === undefined ? {} : { since }),
      ...(values.process === undefined ? {} : { processId: values.process }),
    }
  } catch {
    return
  }
}

function timeOf(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

function reportText({ orders, open, events, until, longest, broken }: AuditReport): string {
  const where = new Set(broken.map(({ organisation, orderNo }) => `${organisation}/${orderNo}`))
  return [
    `${orders} orders (${open} open, counted until ${until}), ${events} events`,
    '',
    'longest silence',
    `  a person or connector had to act   ${longest.task === undefined ? 'none' : silenceText(longest.task)}`,
    `  the outside world had to report    ${longest.wait === undefined ? 'none' : silenceText(longest.wait)}`,
    ...broken.map(silence => `  BROKEN  ${silenceText(silence)}; allowed: ${hours(silence.limitMs)} hours`),
    '',
    broken.length === 0
      ? 'the silence bound was kept'
      : `the silence bound was broken ${broken.length} times, by ${where.size} orders`,
  ].join('\n')
}

function silenceText(silence: JournalSilence): string {
  const { organisation, orderNo, from, until, open, status, workingMs, wallMs, afterSeq } = silence
  const end = open ? 'and goes on' : `to ${until}`
  return (
    `${organisation}/${orderNo} (${status}) from ${from} ${end}, after event ${afterSeq}: ` +
    `${hours(workingMs)} working hours, ${hours(wallMs)} hours on the wall`
  )
}

function hours(ms: number): string {
  return (ms / 3_600_000).toFixed(1)
}
