import assert from 'node:assert/strict'
import type { ExceptionOutcome, ExceptionStatus } from '../../../domain/exception/kind.ts'
import { judgeLife, type LifeCommand, type Standing, sameEvidence, seenAgain } from '../../../domain/exception/life.ts'

const evidence = {
  expected: 'an order',
  seen: 'none',
  since: '2026-03-02T02:00:00.000Z',
  more: { a: 1, b: [2, { c: 3 }] },
}

const standing = (status: ExceptionStatus, outcome: ExceptionOutcome | null = null): Standing => ({
  status,
  outcome,
  evidence,
})

describe('the life of an exception', () => {
  const judged = (exception: Standing, command: LifeCommand) => {
    const verdict = judgeLife(exception, command)
    return verdict.ok ? (verdict.unchanged ? 'unchanged' : 'changed') : verdict.why
  }

  it('[U] lets a person acknowledge, resolve and reopen; the same word twice changes nothing', () => {
    const resolved = standing('resolved', 'fixed')
    const table: [Standing, LifeCommand, string][] = [
      [standing('open'), { type: 'acknowledge' }, 'changed'],
      [standing('acknowledged'), { type: 'acknowledge' }, 'unchanged'],
      [resolved, { type: 'acknowledge' }, 'it is resolved; reopen it first'],
      [standing('open'), { type: 'resolve', outcome: 'fixed' }, 'changed'],
      [standing('acknowledged'), { type: 'resolve', outcome: 'accepted' }, 'changed'],
      [resolved, { type: 'resolve', outcome: 'fixed' }, 'unchanged'],
      [
        resolved,
        { type: 'resolve', outcome: 'accepted' },
        'it is resolved as fixed; reopen it to resolve it as accepted',
      ],
      [standing('open'), { type: 'reopen' }, 'it is open, not resolved'],
      [standing('acknowledged'), { type: 'reopen' }, 'it is acknowledged, not resolved'],
      [resolved, { type: 'reopen' }, 'changed'],
    ]
    for (const [exception, command, outcome] of table) assert.equal(judged(exception, command), outcome)
  })

  it('[U] begins anew where what was fixed is seen again, or what was accepted has changed', () => {
    const changed = { ...evidence, more: { a: 2 } }
    assert.equal(seenAgain(standing('open'), changed), 'counted')
    assert.equal(seenAgain(standing('acknowledged'), changed), 'counted')
    assert.equal(seenAgain(standing('resolved', 'fixed'), evidence), 'reopened')
    for (const outcome of ['accepted', 'false_positive'] as const) {
      assert.equal(seenAgain(standing('resolved', outcome), evidence), 'kept')
      assert.equal(seenAgain(standing('resolved', outcome), changed), 'reopened')
    }
  })

  it('[U] knows evidence again by what it says, not by since when or in which order', () => {
    const { expected, seen, more } = evidence
    const other = { more: { b: more.b, a: more.a }, since: '2027-01-01T00:00:00.000Z', seen, expected }
    assert.ok(sameEvidence(evidence, other))
    assert.ok(!sameEvidence(evidence, { ...other, more: { ...more, b: [2, { c: 4 }] } }))
    assert.ok(!sameEvidence(evidence, { ...other, seen: 'one' }))
  })
})
