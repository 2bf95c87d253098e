/**
 * Many orders that only wait: `npm run waiting [-- --orders 20000 --server dev|postgres --sample 60 --idle 30 --write]`.
 * Orders of the sales process come to wait for their approval, on one worker, with the API and a sandbox beside it. At
 * 100, 1,000 and 10,000 of them, and at the end: memory, CPU while all only wait, and what a whole order costs beside
 * them. Then what a day of waiting adds to a history, and how long a kill -9 of the worker is felt. Exit 1: after that
 * not every order that was asked answered, or not every rung fired.
 */
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import pg from 'pg'
import { openStore } from '../store/open-store.ts'
import { orderDesk, sales } from './floor/order-desk.ts'
import { comeToWait } from './installation/come-to-wait.ts'
import { startInstallation } from './installation/start-installation.ts'
import { sectionText, writeSection } from './page/write-section.ts'
import { costBeside } from './waiting/cost-beside.ts'
import { costOfRung } from './waiting/cost-of-rung.ts'
import { daysOfWaiting } from './waiting/days-of-waiting.ts'
import { idleUse, type Level } from './waiting/level.ts'
import { partsMemory } from './waiting/part-use.ts'
import { killAndRecover } from './waiting/recovery.ts'
import { waitingSection } from './waiting/section.ts'

const whole = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    orders: whole,
    sample: whole,
    idle: whole,
    server: { type: 'string', default: 'dev' },
    write: { type: 'boolean', default: false },
  },
})
const kind = values.server
const count = Number(values.orders ?? 20_000)
const sample = Number(values.sample ?? 60)
const idleS = Number(values.idle ?? 30)
const numbers = [count, sample, idleS]
if ((kind !== 'dev' && kind !== 'postgres') || !numbers.every(number => Number.isInteger(number) && number > 0)) {
  console.error('usage: npm run waiting [-- --orders 20000 --server dev|postgres --sample 60 --idle 30 --write]')
  process.exit(2)
}

const steps = [0, 100, 1_000, 10_000].filter(step => step < count)
const begun = performance.now()
const say = (line: string) => console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${line}`)
const installation = await startInstallation({ kind, start: ['sandbox', 'api', 'worker'] })
const store = await openStore({ dataFolder: '', databaseUrl: installation.databaseUrl })
const database = new pg.Client({ connectionString: installation.databaseUrl })
const connection = await Connection.connect({ address: installation.temporalAddress })
try {
  await database.connect()
  const client = new Client({ connection, namespace: installation.namespace })
  const desk = orderDesk(client, store)
  say('everything is up')
  // What is compiled, connected and cached once is not an order's.
  await costBeside(installation, desk, 'warm', sample)
  const rungs = { approval: await costOfRung(desk, 'approval'), signing: await costOfRung(desk, 'signing') }
  const levels: Level[] = []
  let placed = 0
  for (const step of [...steps, count]) {
    const fresh = Array.from({ length: step - placed }, (_, index) => `W-${placed + index}`)
    const beganMs = performance.now()
    await comeToWait(fresh, orderNo => desk.place(orderNo, sales), database)
    const aSecond = fresh.length === 0 ? null : (fresh.length * 1000) / (performance.now() - beganMs)
    placed = step
    const idle = await idleUse(installation, idleS)
    const memory = partsMemory(installation)
    const beside = await costBeside(installation, desk, `beside-${step}`, sample)
    levels.push({ waiting: step, aSecond, idle, memory, beside })
    say(`${step} wait${aSecond === null ? '' : ` (came at ${aSecond.toFixed(1)} a second)`}; measured`)
  }
  const gap = Math.max(1, Math.floor(count / sample))
  const asked = Array.from({ length: Math.min(sample, count) }, (_, index) => `W-${index * gap}`)
  const recovery = await killAndRecover(installation, desk, database, asked)
  say('killed and recovered')
  const days = [daysOfWaiting('approval'), daysOfWaiting('signing')]
  const section = waitingSection({ kind, count, sample, idleS, levels, rungs, days, recovery }, installation.servers)
  console.log(sectionText(section))
  if (values.write) writeSection('benchmarks', section)
  process.exitCode = recovery.fired === recovery.due && recovery.acted === recovery.asked ? 0 : 1
} finally {
  await connection.close()
  await database.end()
  await store.close()
  await installation.stop()
}
