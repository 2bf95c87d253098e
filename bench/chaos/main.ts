/**
 * `npm run chaos -- [--orders 200] [--kills 10] [--seed 1] [--keep] [--write]`: sends orders through an installation of
 * separate processes with all the faults of the sandbox on, kills them with -9, pauses them and cuts the connections
 * between them, brings each back, and then checks from outside that nothing was lost and nothing done twice.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Installation, startInstallation } from './installation.ts'
import type { Ledger } from './judge-order.ts'
import { type Mishap, type Plan, plan } from './plan.ts'
import { report } from './report.ts'
import { Shop } from './shop.ts'
import { untilSettled } from './until-settled.ts'
import { verify } from './verify.ts'

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '200' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const [orders, kills, seed] = [values.orders, values.kills, values.seed].map(Number) as [number, number, number]
if (![orders, kills, seed].every(Number.isSafeInteger) || orders < 1 || kills < 0) {
  console.error('usage: npm run chaos -- [--orders N] [--kills K] [--seed S] [--keep] [--write] [--verbose]')
  process.exit(2)
}

const atOnce = 12
const settleLimitMs = 240_000
const folder = mkdtempSync(join(tmpdir(), 'nolimbo-chaos-'))
// PostgreSQL runs under an account of its own.
chmodSync(folder, 0o711)
const begun = Date.now()
const say = (line: string) => console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}`)

async function run(): Promise<boolean> {
  const planned = plan(seed, orders, kills)
  say(`seed ${seed}: ${orders} orders, ${kills} kills, ${planned.mishaps.length - kills} pauses and cuts; ${folder}`)
  const installation = await startInstallation(folder, line => values.verbose && console.log(line))
  try {
    const shop = new Shop(installation.apiUrl)
    await setFaults(installation, true)
    say('everything is up; the faults are on')
    await sendAll(installation, planned, shop)
    await setFaults(installation, false)
    say(`sent; ${shop.requests} requests, ${shop.repeats} of them again; now everything may settle`)
    const open = await untilSettled(installation, settleLimitMs)
    say(open === 0 ? 'settled' : `${open} orders are still on their way`)
    const ledger = (await (await fetch(`${installation.sandboxUrl}/ledger`)).json()) as Ledger
    const verdict = await verify(installation.databaseUrl, ledger, shop.acknowledged)
    return report({
      seed,
      orders,
      kills,
      plan: planned,
      shop,
      verdict,
      tookMs: Date.now() - begun,
      write: values.write,
    })
  } finally {
    await installation.stop()
  }
}

async function sendAll(installation: Installation, { orders: planned, mishaps }: Plan, shop: Shop): Promise<void> {
  const queue = [...planned]
  const coming = [...mishaps]
  let sent = 0
  let happening: Promise<void> = Promise.resolve()
  const work = async () => {
    for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
      await shop.send(order)
      sent += 1
      while (coming[0] !== undefined && coming[0].afterOrders <= sent) {
        const { mishap } = coming.shift()!
        happening = happening.then(() => happen(installation, mishap))
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await happening
}

async function happen(installation: Installation, mishap: Mishap): Promise<void> {
  switch (mishap.what) {
    case 'kill':
      say(`kill -9 ${mishap.victim}`)
      await installation.parts[mishap.victim].kill()
      // The sandbox forgets its faults with its memory.
      if (mishap.victim === 'sandbox') await setFaults(installation, true)
      return
    case 'pause':
      say(`${mishap.victim} stands still for ${mishap.ms} ms`)
      return installation.parts[mishap.victim].pause(mishap.ms)
    case 'cut':
      say(`no connection to ${mishap.link} for ${mishap.ms} ms`)
      return installation.proxies[mishap.link].cut(mishap.ms)
    default:
      return mishap satisfies never
  }
}

async function setFaults({ sandboxUrl }: Installation, on: boolean): Promise<void> {
  const put = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${sandboxUrl}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  const callback = (['doubled', 'lost', 'late', 'ok'] as const)[seed % 4]
  const faults = on
    ? { latencyMs: 40, errorRate: 0.1, timeoutAfterDoing: 0.1, callback, lateMs: 3_000, stockShort: 0.05, seed }
    : { latencyMs: 0, errorRate: 0, timeoutAfterDoing: false, callback: 'ok', stockShort: false }
  for (let left = 20; ; left -= 1) {
    try {
      await put('/faults', faults)
      return await put('/auto', { deliverAfterMs: 500 })
    } catch (error) {
      if (left === 0) throw error
      await pause(500)
    }
  }
}

let ok = false
try {
  ok = await run()
} finally {
  if (values.keep) console.log(`kept: ${folder}`)
  else rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
process.exit(ok ? 0 : 1)
