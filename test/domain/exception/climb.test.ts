import assert from 'node:assert/strict'
import { type Climbing, climb, dueAfter } from '../../../domain/exception/climb.ts'
import type { KindRules } from '../../../domain/exception/exception-rules.ts'
import { compileExceptionRules, exceptionRulesSchema } from '../../../domain/exception/exception-rules-schema.ts'
import { parseDuration } from '../../../domain/parse-duration.ts'
import { loadCalendar } from '../calendar/calendars.ts'

const calendars = { office: loadCalendar('cn-office'), wall: loadCalendar('wall-clock') }
const monday = '2026-03-02T01:00:00.000Z' // 09:00 in Shanghai
const rulesWith = (usual: object): KindRules =>
  compileExceptionRules(
    exceptionRulesSchema.parse({
      usual: {
        owner: 'zhao',
        calendar: 'wall',
        acknowledged: '2d',
        ladder: [
          { after: '1h', remind: 'owner' },
          { after: '4h', escalate: 'manager', every: '2h' },
        ],
        ...usual,
      },
    }),
    calendars,
  ).rule!

/** What it does, and when, from `from` on, with nobody doing anything. */
function passes(rules: KindRules, times: number, late = 0) {
  let exception: Climbing = { status: 'open', owner: 'role:finance', climbsSince: monday, clock: null }
  const begun = climb(rules, exception, monday)
  assert.equal(begun.do, 'wait')
  let due = begun.do === 'wait' ? begun.dueAt : null
  if (begun.do === 'wait') exception = { ...exception, clock: begun.clock }
  const told: string[] = []
  for (let count = 0; count < times; count += 1) {
    const at: string = new Date(Date.parse(due!) + late).toISOString()
    const action = climb(rules, exception, at)
    if (action.do !== 'tell') throw new Error(`it ${action.do}s at ${at}`)
    const { name, target, level, missed } = action.telling
    told.push(
      `${at.slice(8, 16)} ${name} ${target}${level > 0 ? ` +${level}` : ''}${missed > 0 ? ` missed ${missed}` : ''}`,
    )
    exception = { ...exception, clock: action.clock }
    due = action.dueAt
  }
  return told
}

describe('the ladder of an exception', () => {
  it('[U] is climbed while nobody acknowledges it, and its last rung repeats, a level higher after each three', () => {
    assert.deepEqual(passes(rulesWith({}), 8), [
      '02T02:00 1.0 owner',
      '02T05:00 2.0 manager',
      '02T07:00 2.1 manager',
      '02T09:00 2.2 manager',
      '02T11:00 2.3 manager +1',
      '02T13:00 2.4 manager +1',
      '02T15:00 2.5 manager +1',
      '02T17:00 2.6 manager +2',
    ])
  })

  it('[U] counts the working time of its calendar', () => {
    const ladder = [
      { after: '1h', remind: 'owner' },
      { after: '1d', escalate: 'manager', every: '1d' },
    ]
    assert.deepEqual(passes(rulesWith({ calendar: 'office', ladder }), 3), [
      '02T02:00 1.0 owner',
      '02T10:00 2.0 manager',
      '03T10:00 2.1 manager',
    ])
  })

  it('[U] after an outage fires one rung at a time, and missed repeats become one', () => {
    const told = passes(rulesWith({}), 3, 5 * 3_600_000)
    assert.deepEqual(told, ['02T07:00 1.0 owner', '02T15:00 2.0 manager', '02T22:00 2.1 manager missed 2'])
  })

  it('[U] stands still while it is acknowledged, for as long as that holds, and ends with the exception', () => {
    const rules = rulesWith({})
    const acknowledged = { status: 'acknowledged', owner: 'zhao', climbsSince: monday, clock: null } as const
    assert.deepEqual(climb(rules, acknowledged, '2026-03-03T00:00:00.000Z'), {
      do: 'wait',
      clock: null,
      dueAt: '2026-03-04T01:00:00.000Z',
    })
    assert.deepEqual(climb(rules, acknowledged, '2026-03-04T01:00:00.000Z'), { do: 'lapse' })
    const resolved = { ...acknowledged, status: 'resolved' } as const
    assert.deepEqual(climb(rules, resolved, '2027-01-01T00:00:00.000Z'), { do: 'wait', clock: null, dueAt: null })
  })

  it('[U] goes on with its last rung where the file has a shorter one now', () => {
    const long = rulesWith({})
    const begun = { status: 'open', owner: 'zhao', climbsSince: monday } as const
    const first = climb(long, { ...begun, clock: null }, '2026-03-02T02:00:00.000Z')
    if (first.do !== 'tell') throw new Error('it is due')
    const short = rulesWith({ ladder: [{ after: '1h', remind: 'owner', every: '3h' }] })
    const next = climb(short, { ...begun, clock: first.clock }, '2026-03-02T06:00:00.000Z')
    if (next.do !== 'tell') throw new Error('it is due')
    assert.deepEqual([next.telling.name, next.telling.target, next.dueAt], ['1.1', 'owner', '2026-03-02T09:00:00.000Z'])
  })

  it('[U] knows when so much time has passed', () => {
    const oneDay = parseDuration('1d')!
    assert.equal(dueAfter(calendars.wall, monday, oneDay), '2026-03-03T01:00:00.000Z')
    assert.equal(dueAfter(calendars.office, '2026-03-06T01:00:00.000Z', oneDay), '2026-03-06T10:00:00.000Z')
    assert.equal(dueAfter(calendars.office, '2026-03-06T02:00:00.000Z', oneDay), '2026-03-09T02:00:00.000Z')
  })
})
