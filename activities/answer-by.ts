import type { Info } from '@temporalio/activity'

/** No activity that tells people is tried for longer. */
const longestMs = 90_000
const slackMs = 1_000

/**
 * When an activity has to have answered, by this machine's clock. It was asked by the server's: where the two cannot be
 * in step, only what lies between two of the server's own times counts.
 */
export function answerBy(
  info: Pick<Info, 'scheduledTimestampMs' | 'currentAttemptScheduledTimestampMs'>,
  answerMs: number,
  nowMs: number,
): string {
  const byOurClockMs = nowMs - info.scheduledTimestampMs
  const byTheServersMs = info.currentAttemptScheduledTimestampMs - info.scheduledTimestampMs
  const isInStep = byOurClockMs >= -slackMs && byOurClockMs <= longestMs
  return new Date(nowMs + answerMs - (isInStep ? byOurClockMs : Math.max(0, byTheServersMs))).toISOString()
}
