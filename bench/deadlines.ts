/**
 * How late rungs fire when many fall due at about the same time: `npm run deadlines [-- --orders 10000 --seconds 60
 * --lead S --server dev|postgres --worker-down --write]`. Orders of the sales process wait for their approval; the first
 * rung of each falls due within the same span of `seconds`, `lead` seconds after the first was placed (default: by the
 * pace at which a few come to their wait). With `--worker-down` the worker is killed before the first deadline and
 * started after the last. Exit 0: every rung fired and told its owner once; 1: some did not, or the orders were not all
 * there before the first.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import pg from 'pg'
import { openStore } from '../store/open-store.ts'
import { type FiredRung, firedRungs } from './deadlines/fired-rungs.ts'
import { type DeadlinesRun, deadlinesSection } from './deadlines/section.ts'
import { orderDesk, sales, salesReminding } from './floor/order-desk.ts'
import { comeToWait } from './installation/come-to-wait.ts'
import { startInstallation } from './installation/start-installation.ts'
import { sectionText, writeSection } from './page/write-section.ts'

/** Nothing has fired for so long, and nobody been told: whatever has not fired by then is missed. */
const patienceMs = 60_000
/** So long before the first deadline the worker is killed. */
const killedBeforeMs = 5_000
const triedOrders = 100
/** Looking costs the database something, too. */
const lookMs = 10_000

const whole = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    orders: whole,
    seconds: whole,
    lead: whole,
    server: { type: 'string', default: 'dev' },
    'worker-down': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const kind = values.server
const count = Number(values.orders ?? 10_000)
const spreadMs = Number(values.seconds ?? 60) * 1000
const givenLeadMs = values.lead === undefined ? undefined : Number(values.lead) * 1000
const numbers = [count, spreadMs, givenLeadMs ?? 1]
if ((kind !== 'dev' && kind !== 'postgres') || !numbers.every(number => Number.isInteger(number) && number > 0)) {
  console.error(
    'usage: npm run deadlines [-- --orders 10000 --seconds 60 --lead S --server dev|postgres --worker-down --write]',
  )
  process.exit(2)
}

const installation = await startInstallation({ kind, start: ['worker'] })
const store = await openStore({ dataFolder: '', databaseUrl: installation.databaseUrl })
const database = new pg.Client({ connectionString: installation.databaseUrl })
const connection = await Connection.connect({ address: installation.temporalAddress })
try {
  await database.connect()
  const client = new Client({ connection, namespace: installation.namespace })
  const run = await measure(client)
  const section = deadlinesSection(run, installation.servers)
  console.log(sectionText(section))
  if (values.write) writeSection('benchmarks', section)
  process.exitCode = run.rungs.length === count && run.rungs.every(isAsItShould) ? 0 : 1
} finally {
  await connection.close()
  await database.end()
  await store.close()
  await installation.stop()
}

function isAsItShould({ firedMs, asked, told }: FiredRung): boolean {
  return firedMs !== null && asked === 1 && told === 1
}

async function measure(client: Client): Promise<DeadlinesRun> {
  const desk = orderDesk(client, store)
  const leadMs = givenLeadMs ?? (await triedLeadMs((orderNo: string) => desk.place(orderNo, sales)))
  const firstMs = Date.now() + leadMs
  console.log(`${count} orders come to their wait; the first deadline is ${(leadMs / 1000).toFixed(0)} s away`)
  const all = Array.from({ length: count }, (_, index) => `D-${index}`)
  const place = (orderNo: string, index: number) => {
    if (Date.now() > firstMs) throw new Error(`only ${index} of ${count} orders were placed in time: give more --lead`)
    const dueMs = firstMs + Math.floor((index / count) * spreadMs)
    return desk.place(orderNo, salesReminding('approval', Math.max(1, Math.ceil((dueMs - Date.now()) / 1000))))
  }
  await comeToWait(all, place, database)
  const leftMs = firstMs - Date.now()
  if (leftMs < killedBeforeMs) throw new Error(`the orders came to their wait too late by ${-leftMs} ms: more --lead`)
  console.log(`all wait; the first deadline is ${(leftMs / 1000).toFixed(1)} s away`)
  const { worker } = installation.parts
  if (values['worker-down']) {
    await pause(leftMs - killedBeforeMs)
    await worker.end()
    console.log('kill -9 of the worker')
  }
  // Nobody reads while it is measured.
  const lastDueMs = Math.max(...(await firedRungs(database, 'D-')).map(({ dueMs }) => dueMs))
  await pause(lastDueMs + 1000 - Date.now())
  const backAtMs = values['worker-down'] ? Date.now() : undefined
  if (backAtMs !== undefined) await worker.start()
  const readyAtMs = Date.now()
  let done = 0
  let movedAtMs = readyAtMs
  for (;;) {
    const rungs = await firedRungs(database, 'D-')
    const doneNow = rungs.filter(({ firedMs, told }) => firedMs !== null && told > 0).length
    if (doneNow > done) [done, movedAtMs] = [doneNow, Date.now()]
    if (done === rungs.length || Date.now() > movedAtMs + patienceMs) {
      const back = backAtMs === undefined ? {} : { back: { atMs: backAtMs, readyAtMs } }
      return { count, spreadMs, kind: kind as 'dev' | 'postgres', rungs, ...back }
    }
    await pause(lookMs)
  }
}

/** By the pace of a few orders, with a third more. */
async function triedLeadMs(place: (orderNo: string) => Promise<unknown>): Promise<number> {
  const tried = Array.from({ length: Math.min(count, triedOrders) }, (_, index) => `T-${index}`)
  const begun = Date.now()
  await comeToWait(tried, place, database)
  return Math.ceil((((Date.now() - begun) / tried.length) * count * 4) / 3) + 4 * killedBeforeMs
}
