import assert from 'node:assert/strict'
import { fireExceptions } from '../../activities/fire-exceptions.ts'
import type { Directory } from '../../domain/directory.ts'
import type { ExceptionKind } from '../../domain/exception/kind.ts'
import type { ClockRecord, DueException } from '../../store/exception-clock.ts'
import type { NoticeRow } from '../../store/notices.ts'
import type { Store } from '../../store/open-store.ts'
import { exceptionRules, people, processNamed } from '../domain/definitions.ts'
import { inActivity } from './samples.ts'

const since = '2026-03-02T01:00:00.000Z'

const exceptionOf = (more: Partial<DueException> = {}): DueException => ({
  ...{ organisation: 'main', id: 'A-1:x1', orderNo: 'A-1', kind: 'mismatch', severity: 'error', step: null },
  ...{ owner: 'role:finance', status: 'open', openedAt: since, lastSeenAt: since, count: 1 },
  evidence: { expected: 'peace', seen: 'war', since },
  ...{ outcome: null, note: null, resolvedAt: null, resolvedBy: null, acknowledgedBy: null, acknowledgedAt: null },
  ...{ climb: 2, climbsSince: since, clock: null, dueAt: null, processId: 'sales', processVersion: 1 },
  ...more,
})

/** The last rung of this kind's ladder, after so many notices without an answer. */
const lastRung = (kind: ExceptionKind, times: number, height: number): Partial<DueException> => {
  const rung = exceptionRules[kind]!.ladder.length
  const clock = { rung, since, usedMs: 0, repeats: 1, dueAt: since, next: 'repeat' } as const
  return { kind, dueAt: since, clock: { ...clock, unanswered: { height, times, raised: 0 } } }
}

describe('the activity of the exceptions’ clock', () => {
  const fire = async (due: readonly DueException[], directory: Directory = people, failing = '') => {
    const notices: NoticeRow[] = []
    const records: Record<string, ClockRecord> = {}
    const store = {
      dueExceptions: async () => due,
      nextExceptionDue: async () => since,
      recordClock: async ({ id }: DueException, record: ClockRecord) => {
        records[id] = record
        return true
      },
      insertNotices: async (rows: readonly NoticeRow[]) => {
        if (rows.some(({ id }) => failing !== '' && id.includes(failing))) throw new Error('away')
        notices.push(...rows)
        return rows.length
      },
    } as unknown as Store
    const deps = { store, directory: () => directory, exceptions: exceptionRules }
    const activity = fireExceptions({ ...deps, definition: async () => processNamed('sales') })
    const result = await inActivity(activity, { organisation: 'main' }).catch((error: Error) => error.message)
    return { notices, records, result }
  }
  const toldOf = (record: ClockRecord | undefined) => record?.happened?.data

  it('[U] tells the owner what was seen, under an id that stays the same, and records it', async () => {
    const { notices, records, result } = await fire([exceptionOf()])
    assert.deepEqual(
      notices.map(({ id, person, orderNo }) => [id, person, orderNo]),
      [['exception/A-1:x1/2/1.0', 'fang', 'A-1']],
    )
    const subject = notices[0]!.subject as { about: string; subject: string; fields: object; process: object }
    assert.deepEqual([subject.about, subject.subject], ['exception', 'exception:A-1:x1'])
    assert.deepEqual([subject.fields, subject.process], [{ reason: 'war' }, { en: 'mismatch', zh: '不一致' }])
    assert.deepEqual(toldOf(records['A-1:x1']), {
      ...{ action: 'remind', target: 'owner', persons: ['fang'], channel: 'inbox' },
    })
    assert.deepEqual(result, { due: 1, nextDueAt: since })
  })

  it('[U] tells the process owner where nobody else can be told', async () => {
    const { notices, records } = await fire([exceptionOf({ owner: 'role:astronaut' })])
    assert.deepEqual(
      notices.map(({ id, person }) => [id, person]),
      [['exception/A-1:x1/2/1.0/undelivered', 'zhao']],
    )
    assert.deepEqual(toldOf(records['A-1:x1'])!.undelivered, 'nobody is meant')
    const ghost = exceptionOf({
      id: 'g',
      kind: 'ghost',
      owner: 'nobody',
      orderNo: null,
      processId: null,
      processVersion: null,
    })
    const persons = (await fire([ghost])).notices.map(({ person }) => person)
    assert.deepEqual(persons, ['he'], 'of an exception without an order, the owner of its kind')
  })

  it('[U] goes one level up after three notices without an answer, and to the last resort where there is nobody', async () => {
    const manager = await fire([exceptionOf(lastRung('mismatch', 2, 1))])
    assert.deepEqual(
      manager.notices.map(({ person }) => person),
      ['ling'],
    )
    const above = await fire([exceptionOf(lastRung('mismatch', 3, 1))])
    assert.deepEqual(
      above.notices.map(({ person }) => person),
      ['zhao'],
    )
    assert.equal(toldOf(above.records['A-1:x1'])!.level, 1)
    const top = await fire([exceptionOf({ ...lastRung('mismatch', 3, 3), owner: 'role:finance' })])
    assert.equal(toldOf(top.records['A-1:x1'])!.lastResort, 'nobody is meant', 'none is named')
  })

  it('[U] does the others where one cannot be told now, and is then tried again', async () => {
    const both = [exceptionOf({ id: 'one' }), exceptionOf({ id: 'other' })]
    const { records, result } = await fire(both, people, 'exception/one/')
    assert.deepEqual(Object.keys(records), ['other'])
    assert.equal(result, 'away')
  })
})
