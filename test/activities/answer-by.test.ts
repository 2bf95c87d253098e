import assert from 'node:assert/strict'
import { answerBy } from '../../activities/answer-by.ts'

const scheduledMs = Date.parse('2026-03-02T01:00:00.000Z')
const info = { scheduledTimestampMs: scheduledMs, currentAttemptScheduledTimestampMs: scheduledMs + 10_000 }
const leftMs = (nowMs: number) => Date.parse(answerBy(info, 48_000, nowMs)) - nowMs

describe('how long an activity has to answer', () => {
  it('[U] counts from when it was asked', () => {
    assert.equal(leftMs(scheduledMs + 12_000), 36_000)
    assert.equal(leftMs(scheduledMs + 60_000), -12_000, 'it took too long to come to a worker')
  })

  it('[U] is the same where this machine’s clock has jumped', () => {
    for (const jumpMs of [3_600_000, -3_600_000, 86_400_000]) assert.equal(leftMs(scheduledMs + jumpMs), 38_000)
  })
})
