import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'

/** What is placed at once, and how many may be on their way to their wait: more would only queue. */
const [atOnce, mostOnTheirWay] = [50, 100] as const
const lookMs = 250

/**
 * Places orders by their numbers, all alike, and returns when each of them waits for somebody who has been told, and
 * the store has all of it. Placing keeps the pace at which they come to their wait.
 */
export async function comeToWait(
  numbers: readonly string[],
  place: (orderNo: string, index: number) => Promise<unknown>,
  database: pg.Client,
  onProgress: (waiting: number) => void = () => {},
): Promise<void> {
  const [first, ...rest] = numbers
  if (first === undefined) return
  await place(first, 0)
  const seq = await seqAtRest(first, database)
  const before = await arrived(seq, database)
  for (let index = 0; index < rest.length; index += atOnce) {
    await Promise.all(rest.slice(index, index + atOnce).map((orderNo, offset) => place(orderNo, index + offset + 1)))
    const placed = Math.min(rest.length, index + atOnce)
    const mayBeMissing = placed === rest.length ? 0 : mostOnTheirWay
    while (placed - (await arrived(seq, database)) + before > mayBeMissing) await pause(lookMs)
    onProgress(placed + 1)
  }
}

async function seqAtRest(orderNo: string, database: pg.Client): Promise<number> {
  for (;;) {
    const { rows } = await database.query<{ seq: number }>(
      `select seq from orders where order_no = $1 and due_at is not null and state->'notices' = '{}'::jsonb
        and state->'calls' = '{}'::jsonb`,
      [orderNo],
    )
    if (rows[0] !== undefined) return rows[0].seq
    await pause(lookMs)
  }
}

/** Cheap, whatever their states hold. */
async function arrived(seq: number, database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'select count(*)::int as count from orders where closed_at is null and seq >= $1',
    [seq],
  )
  return rows[0]!.count
}
