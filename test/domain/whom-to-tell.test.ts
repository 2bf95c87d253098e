import assert from 'node:assert/strict'
import { calendarSchema } from '../../domain/calendar/calendar-definition.ts'
import { compileCalendar } from '../../domain/calendar/compile-calendar.ts'
import { type Directory, directorySchema } from '../../domain/directory.ts'
import { absentOf, withoutThoseWhoLeft } from '../../domain/presence.ts'
import { type Target, whomToTell } from '../../domain/whom-to-tell.ts'

const name = { en: 'X', zh: '某' }
const noon = '2026-03-04T04:00:00.000Z'
const away = (deputy?: string) => [{ from: '2026-03-02', until: '2026-03-06', ...(deputy && { deputy }) }]

const shift = (id: string, hours: string) =>
  compileCalendar(
    calendarSchema.parse({
      id,
      title: { en: id, zh: id },
      timeZone: 'Asia/Shanghai',
      horizon: '2026-12-31',
      weekly: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map(day => [day, [hours]])),
      holidays: [],
      makeUpDays: [],
    }),
  )
const calendars = { early: shift('early', '06:00-14:00'), late: shift('late', '14:00-22:00') }

function directoryOf(...people: object[]): Directory {
  const boss = { id: 'boss', roles: ['boss'] }
  return { ...directorySchema.parse({ people: [...people, boss].map(person => ({ name, ...person })) }), calendars }
}

function told(directory: Directory, target: string, more: Partial<Target> & { at?: string } = {}): string {
  const { at = noon, ...asked } = more
  const whom = whomToTell(directory, 'main', { target, owner: target, processOwner: 'boss', ...asked }, at)
  const people = whom.people.map(({ id }) => {
    const instead = whom.standIns.filter(({ person }) => person === id).map(({ insteadOf }) => insteadOf)
    return instead.length === 0 ? id : `${id} for ${instead.join(' and ')}`
  })
  return `${people.join(', ')}${whom.top ? ', at the top' : ''}`
}

describe('whom to tell', () => {
  it('[U] the deputy of who is absent, from the first to the last day of the absence where they are', () => {
    const directory = directoryOf({ id: 'a', deputy: 'b', absences: away(), calendar: 'early' }, { id: 'b' })
    assert.equal(told(directory, 'a'), 'b for a')
    assert.equal(told(directory, 'a', { at: '2026-03-01T15:59:59.000Z' }), 'a', 'still the first of March in Shanghai')
    assert.equal(told(directory, 'a', { at: '2026-03-01T16:00:00.000Z' }), 'b for a')
    assert.equal(told(directory, 'a', { at: '2026-03-06T15:59:59.000Z' }), 'b for a')
    assert.equal(told(directory, 'a', { at: '2026-03-06T16:00:00.000Z' }), 'a')
  })

  it('[U] says why, and until when', () => {
    const directory = directoryOf(
      { id: 'a', deputy: 'b', absences: away() },
      { id: 'b' },
      { id: 'c', deputy: 'b', left: '2026-01-01' },
    )
    const standIns = (target: string) =>
      whomToTell(directory, 'main', { target, owner: target, processOwner: 'boss' }, noon).standIns
    assert.deepEqual(standIns('a'), [{ person: 'b', insteadOf: 'a', because: 'absent', until: '2026-03-06' }])
    assert.deepEqual(standIns('c'), [{ person: 'b', insteadOf: 'c', because: 'left' }])
  })

  it('[U] the deputy named for this absence rather than the usual one', () => {
    assert.equal(
      told(directoryOf({ id: 'a', deputy: 'b', absences: away('c') }, { id: 'b' }, { id: 'c' }), 'a'),
      'c for a',
    )
  })

  it("[U] the deputy's deputy; where nobody of those is there, the manager, or whoever stands in for that one", () => {
    const b = { id: 'b', deputy: 'c', absences: away() }
    assert.equal(told(directoryOf({ id: 'a', deputy: 'b', absences: away() }, b, { id: 'c' }), 'a'), 'c for a')
    const loop = [
      { id: 'a', deputy: 'b', absences: away(), manager: 'm' },
      { id: 'b', deputy: 'a', absences: away() },
    ]
    assert.equal(told(directoryOf(...loop, { id: 'm' }), 'a'), 'm for a')
    assert.equal(told(directoryOf(...loop, { id: 'm', absences: away('d') }, { id: 'd' }), 'a'), 'd for a')
    assert.equal(told(directoryOf(...loop, { id: 'm', absences: away(), manager: 'boss' }), 'a'), 'boss for a')
  })

  it('[U] nobody, where nobody is there; but the process owner even while away', () => {
    assert.equal(told(directoryOf({ id: 'a', absences: away() }), 'a'), '')
    const people = [{ id: 'a' }, { id: 'chief', absences: away() }, { id: 'gone', left: '2026-01-01' }]
    assert.equal(told(directoryOf(...people), 'chief', { processOwner: 'chief' }), 'chief')
    assert.equal(told(directoryOf(...people), 'gone', { processOwner: 'gone' }), '')
  })

  it('[U] never a deputy who has left or cannot be reached', () => {
    const people = [{ id: 'a', deputy: 'b', manager: 'boss', absences: away() }]
    assert.equal(told(directoryOf(...people, { id: 'b', left: '2026-03-04' }), 'a'), 'boss for a')
    assert.equal(told(directoryOf(...people, { id: 'b', channels: [] }), 'a'), 'boss for a')
  })

  it('[U] of a role those who are there; only where none is, those who stand in', () => {
    const a = { id: 'a', roles: ['desk'], deputy: 'c', absences: away() }
    assert.equal(told(directoryOf(a, { id: 'b', roles: ['desk'] }, { id: 'c' }), 'role:desk'), 'b')
    const b = { id: 'b', roles: ['desk'], deputy: 'c', absences: away() }
    assert.equal(told(directoryOf(a, b, { id: 'c' }), 'role:desk'), 'c for a and b')
  })

  it('[U] of several those whose working hours it is; if it is nobody’s, all of them', () => {
    const directory = directoryOf(
      { id: 'a', roles: ['desk'], calendar: 'early' },
      { id: 'b', roles: ['desk'], calendar: 'late' },
    )
    assert.equal(told(directory, 'role:desk'), 'a')
    assert.equal(told(directory, 'role:desk', { at: '2026-03-04T08:00:00.000Z' }), 'b')
    assert.equal(told(directory, 'role:desk', { at: '2026-03-04T20:00:00.000Z' }), 'a, b')
  })

  it('[U] goes up by levels, and says where there is nobody higher', () => {
    const directory = directoryOf({ id: 'a', manager: 'm' }, { id: 'm', manager: 'boss' })
    assert.equal(told(directory, 'a', { level: 2 }), 'boss')
    assert.equal(told(directory, 'manager', { owner: 'a', level: 2 }), 'boss, at the top')
  })
})

describe('who stands in', () => {
  it('[U] is asked of the one who does, and not of one who is away too', () => {
    const directory = directoryOf(
      { id: 'a', deputy: 'b', absences: away() },
      { id: 'b', deputy: 'c', absences: away() },
      { id: 'c' },
    )
    const whom = (id: string) =>
      absentOf(directory, directory.people.find(person => person.id === id)!, noon).map(({ person }) => person.id)
    assert.deepEqual(whom('c'), ['a', 'b'])
    assert.deepEqual(whom('b'), [])
  })

  it('[U] those who have left are gone; their people go to the next one up', () => {
    const directory = directoryOf({ id: 'a', manager: 'm' }, { id: 'm', manager: 'boss', left: '2026-03-04' })
    const { people } = withoutThoseWhoLeft(directory, noon)
    assert.deepEqual(
      people.map(({ id, manager }) => [id, manager]),
      [
        ['a', 'boss'],
        ['boss', undefined],
      ],
    )
    assert.equal(withoutThoseWhoLeft(directory, '2026-03-03T23:59:59.000Z'), directory)
  })
})
