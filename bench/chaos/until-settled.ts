import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Installation } from './installation.ts'

/**
 * Waits until every order is closed or with a person who has a deadline, and nothing is in flight. What the sandbox has
 * not delivered is delivered. Answers how many were not there in time.
 */
export async function untilSettled({ databaseUrl }: Installation, limitMs: number): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    let before = ''
    let stillFor = 0
    for (const giveUpAt = Date.now() + limitMs; ; await pause(1_000)) {
      const { rows } = await client.query<{ moving: number; seqs: string; parked: number }>(`select
        (select count(*)::int from orders where closed_at is null and
          (state is null or state->'calls' <> '{}' or due_at is null or (due_at < now() and status <> 'manual_review')))
          as moving,
        (select count(*)::int from orders where closed_at is null) || '/' || (select coalesce(sum(seq), 0) from orders
          where closed_at is null and status <> 'manual_review') as seqs,
        (select count(*)::int from orders where started_at is null) as parked`)
      const { moving = 0, seqs = '', parked = 0 } = rows[0] ?? {}
      stillFor = moving + parked === 0 && seqs === before ? stillFor + 1 : 0
      before = seqs
      if (stillFor >= 8) return 0
      if (Date.now() > giveUpAt) return moving + parked
    }
  } finally {
    await client.end()
  }
}
