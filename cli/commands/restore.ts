import { parseArgs } from 'node:util'
import { ApiAway, type AskApi, apiAskedAs } from '../ask-api.ts'
import { eachOrder, openOrders } from '../open-orders.ts'

const usage = `usage: nolimbo restore ORDER... --reason TEXT
       nolimbo restore --all --reason TEXT

Lets orders go on whose workflow was lost: terminated from outside, or gone with Temporal's database.
Orders whose workflow runs are left alone.

  --all          every open order whose workflow does not run
  --reason TEXT  stands in the journal of each

Asks the API on HOST and PORT. NOLIMBO_KEY: the key to ask with (default: demo-zhao); of somebody who may resolve the
exceptions of these orders.
exit code: 0 done, 1 some orders could not be restored, 2 usage`

interface Asked {
  readonly orders: readonly string[]
  readonly all: boolean
  readonly reason: string
}

/** `nolimbo restore`: a true result for each order. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  try {
    const ask = apiAskedAs('zhao')
    const counts = { restored: 0, runs: 0, failed: 0 }
    await eachOrder(asked.all ? await openOrders(ask) : asked.orders, async orderNo => {
      const { what, text } = await restore(ask, orderNo, asked)
      counts[what] += 1
      if (text !== undefined) console.log(`${orderNo}  ${text}`)
    })
    console.log(`${counts.restored} restored, ${counts.runs} run, ${counts.failed} failed`)
    return counts.failed === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof ApiAway)) throw error
    console.error(error.message)
    return 1
  }
}

interface Result {
  readonly what: 'restored' | 'runs' | 'failed'
  readonly text?: string
}

async function restore(ask: AskApi, orderNo: string, { all, reason }: Asked): Promise<Result> {
  const { ok, body } = await ask(`/api/orders/${encodeURIComponent(orderNo)}/restore`, { reason })
  if (ok) return { what: 'restored', text: `restored: ${body.status}` }
  // Of all open orders most run, and nobody needs to read of them.
  if (all && body.running === true) return { what: 'runs' }
  return { what: 'failed', text: `failed: ${body.code ?? 'no answer'}: ${body.detail ?? ''}` }
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const options = { all: { type: 'boolean', default: false }, reason: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const { all, reason = '' } = values
    if (reason.trim() === '' || all === positionals.length > 0) return undefined
    return { orders: positionals, all, reason }
  } catch {
    return undefined
  }
}
