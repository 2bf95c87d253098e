import type { Rate } from '../domain/notice/channels-schema.ts'
import type { Tx } from './database.ts'

/* What is limited in how much it takes at a time. */

/** When a robot took its last messages; whoever else asks waits for this transaction. */
export async function lockRobot(tx: Tx, robot: string) {
  await tx
    .insertInto('robots')
    .values({ robot })
    .onConflict(conflict => conflict.column('robot').doNothing())
    .execute()
  const row = await tx
    .selectFrom('robots')
    .select(['sent', 'closedUntil'])
    .where('robot', '=', robot)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { sent: row.sent.map(at => new Date(at).toISOString()), closedUntil: row.closedUntil }
}

/** A message arrives a little after it was claimed, one sooner than another: the receiver counts arrivals. */
const jitterMs = 250

/** When there is room for one more. */
export function slot(sent: readonly string[], rates: readonly Rate[], from: string): string {
  const rooms = rates.map(({ count, per }) => {
    const blocking = sent.length < count ? undefined : sent[sent.length - count]
    return blocking === undefined ? 0 : Date.parse(blocking) + per + jitterMs
  })
  return new Date(Math.max(Date.parse(from), ...rooms)).toISOString()
}

/** Those that may still limit it. */
export function lately(sent: readonly string[], rates: readonly Rate[], now: string): readonly string[] {
  const longest = Math.max(0, ...rates.map(({ per }) => per))
  const most = Math.max(0, ...rates.map(({ count }) => count))
  const since = new Date(Date.parse(now) - longest).toISOString()
  return most === 0 ? [] : sent.filter(at => at > since).slice(-most)
}
