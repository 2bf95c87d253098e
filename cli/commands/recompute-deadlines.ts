import { parseArgs } from 'node:util'
import { ApiAway, type AskApi, apiAskedAs } from '../ask-api.ts'
import { eachOrder, openOrders } from '../open-orders.ts'

const usage = `usage: nolimbo recompute-deadlines [--process ID] [--all] [--dry-run]

Counts the deadlines of running orders anew by the calendars that the API has loaded: of those with a deadline past the
holidays that their calendar knows.

  --process ID   only orders of this process
  --all          every open order, provisional or not: after a correction of a calendar
  --dry-run      say what would change, and change nothing

Asks the API on HOST and PORT. NOLIMBO_KEY: the key to ask with (default: demo-zhao); a process owner's or an admin's.
exit code: 0 done, 1 some orders could not be recomputed, 2 usage`

interface Asked {
  readonly process?: string
  readonly all: boolean
  readonly dryRun: boolean
}

type Result =
  | { readonly what: 'recomputed'; readonly changes: readonly string[] }
  | { readonly what: 'unchanged' }
  | { readonly what: 'failed'; readonly why: string }

/** `nolimbo recompute-deadlines`: a true result for each order; done twice, the second time changes nothing. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  try {
    const ask = apiAskedAs('zhao')
    const { all, process } = asked
    const query = { ...(all ? {} : { provisional: 'true' }), ...(process === undefined ? {} : { process }) }
    // All of them before the first is touched: what has been recomputed leaves the list.
    const orders = await openOrders(ask, query)
    const counts = { recomputed: 0, unchanged: 0, failed: 0 }
    await eachOrder(orders, async orderNo => {
      const result = await recompute(ask, orderNo, asked.dryRun)
      counts[result.what] += 1
      console.log(`${orderNo}  ${resultText(result)}`)
    })
    const { recomputed, unchanged, failed } = counts
    const done = asked.dryRun ? 'would be recomputed' : 'recomputed'
    console.log(`${recomputed} ${done}, ${unchanged} with nothing to change, ${failed} failed`)
    return failed === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof ApiAway)) throw error
    console.error(error.message)
    return 1
  }
}

const mostTries = 5

/** Tried first, then done if the order has not moved on since: what is printed is what was done. */
async function recompute(ask: AskApi, orderNo: string, dryRun: boolean): Promise<Result> {
  const path = `/api/orders/${encodeURIComponent(orderNo)}/commands`
  for (let tries = 1; ; tries += 1) {
    const tried = await ask(`${path}?dryRun=true`, { type: 'recompute_deadlines' })
    if (!tried.ok) return refusal(tried.body)
    const recomputed: Result = { what: 'recomputed', changes: tried.body.events.flatMap(changesOf) }
    if (dryRun) return recomputed
    const reason = 'nolimbo recompute-deadlines'
    const done = await ask(path, { type: 'recompute_deadlines', reason, expectedSeq: tried.body.seq })
    if (done.ok) return recomputed
    if (done.body.code !== 'stale' || tries === mostTries) return refusal(done.body)
  }
}

function refusal({ code, detail }: { code?: string; detail?: string }): Result {
  if (code === 'not_applicable' || code === 'closed') return { what: 'unchanged' }
  return { what: 'failed', why: `${code ?? 'no answer'}: ${detail ?? ''}` }
}

interface CalendarChanged {
  readonly type: string
  readonly data: {
    readonly calendar: string
    readonly clocks: readonly { subject: string; dueBefore: string; clock: { dueAt: string; provisional?: boolean } }[]
  }
}

function changesOf({ type, data }: CalendarChanged): string[] {
  if (type !== 'calendar.changed') return []
  if (data.clocks.length === 0) return [`${data.calendar}: no deadline under way changes`]
  return data.clocks.map(({ subject, dueBefore, clock: { dueAt, provisional } }) => {
    const after = dueBefore === dueAt ? 'stays' : `-> ${dueAt}`
    return `${subject} ${dueBefore} ${after}${provisional ? ' (provisional)' : ''}`
  })
}

function resultText(result: Result): string {
  switch (result.what) {
    case 'recomputed':
      return result.changes.join('; ')
    case 'unchanged':
      return 'nothing to change'
    case 'failed':
      return `failed: ${result.why}`
    default:
      return result satisfies never
  }
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const options = {
      process: { type: 'string' },
      all: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    return { ...(values.process && { process: values.process }), all: values.all, dryRun: values['dry-run'] }
  } catch {
    return undefined
  }
}
