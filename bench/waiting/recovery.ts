import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { firedRungs } from '../deadlines/fired-rungs.ts'
import { type OrderDesk, salesReminding } from '../floor/order-desk.ts'
import { comeToWait } from '../installation/come-to-wait.ts'
import type { Installation } from '../installation/start-installation.ts'
import { quantile } from '../page/figures.ts'

/** After a kill -9 of the worker, from the start of the next one. */
export interface Recovery {
  readonly downMs: number
  readonly readyMs: number
  /** Commands to a sample of the waiting orders, all sent at once when the worker was started. */
  readonly asked: number
  readonly firstAnswerMs: number
  readonly answerP50Ms: number
  readonly allAnswersMs: number
  /** Until each of them had acted: its calls made, waiting for its delivery. */
  readonly acted: number
  readonly allActedMs: number
  /** Rungs that fell due while there was no worker. */
  readonly due: number
  readonly fired: number
  readonly allFiredMs: number
}

const rungAfterS = 40
const lookMs = 250
const patienceMs = 300_000
const atOnce = 20

export async function killAndRecover(
  installation: Installation,
  desk: OrderDesk,
  database: pg.Client,
  sample: readonly string[],
): Promise<Recovery> {
  const { worker } = installation.parts
  const due = sample.map((_, index) => `D-${index}`)
  await comeToWait(due, orderNo => desk.place(orderNo, salesReminding('approval', rungAfterS)), database)
  const diedAtMs = Date.now()
  await worker.end()
  const lastDueMs = Math.max(...(await firedRungs(database, 'D-')).map(({ dueMs }) => dueMs))
  await pause(Math.max(1_000, lastDueMs + 500 - Date.now()))
  const begunAtMs = Date.now()
  const since = () => Date.now() - begunAtMs
  const started = worker.start().then(since)
  const answeredMs: number[] = []
  const queue = [...sample]
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let orderNo = queue.shift(); orderNo !== undefined; orderNo = queue.shift()) {
        await insist(() => desk.approve(orderNo!), begunAtMs + patienceMs)
        answeredMs.push(since())
      }
    }),
  )
  const readyMs = await started
  const allActedMs = await until(async () => (await acted(database, sample)) === sample.length, begunAtMs)
  const isFired = async () =>
    (await firedRungs(database, 'D-')).every(({ firedMs, told }) => firedMs !== null && told === 1)
  const allFiredMs = await until(isFired, begunAtMs)
  const rungs = await firedRungs(database, 'D-')
  const lastFiredMs = Math.max(...rungs.map(({ firedMs }) => firedMs ?? begunAtMs + allFiredMs)) - begunAtMs
  return {
    downMs: begunAtMs - diedAtMs,
    readyMs,
    asked: sample.length,
    firstAnswerMs: Math.min(...answeredMs),
    answerP50Ms: quantile(answeredMs, 0.5),
    allAnswersMs: Math.max(...answeredMs),
    acted: await acted(database, sample),
    allActedMs,
    due: due.length,
    fired: rungs.filter(({ firedMs, told }) => firedMs !== null && told === 1).length,
    allFiredMs: lastFiredMs,
  }
}

/** Under the same id, until it is answered. */
async function insist(act: () => Promise<void>, giveUpAtMs: number): Promise<void> {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (Date.now() > giveUpAtMs) throw error
      await pause(lookMs)
    }
  }
}

async function until(condition: () => Promise<boolean>, begunAtMs: number): Promise<number> {
  while (!(await condition()) && Date.now() < begunAtMs + patienceMs) await pause(lookMs)
  return Date.now() - begunAtMs
}

/** How many of them wait for their delivery by now. */
async function acted(database: pg.Client, orderNos: readonly string[]): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    "select count(*)::int as count from orders where order_no = any($1) and status = 'in_transit'",
    [orderNos],
  )
  return rows[0]!.count
}
