import assert from 'node:assert/strict'
import { directorySchema } from '../../domain/directory.ts'

const name = { en: 'X', zh: '某' }

function flaws(...people: object[]): string[] {
  const read = directorySchema.safeParse({ people: people.map(person => ({ name, ...person })) })
  return read.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}

describe('the directory', () => {
  it('[U] refuses a person listed twice, and managers who do not exist or are in the end their own', () => {
    assert.deepEqual(flaws({ id: 'a' }, { id: 'a' }), ['people.0.id: "a" is listed twice'])
    assert.deepEqual(flaws({ id: 'manager' }), ['people.0.id: "manager" means something else'])
    assert.deepEqual(flaws({ id: 'a', manager: 'nobody' }), ['people.0.manager: nobody is called "nobody"'])
    assert.deepEqual(flaws({ id: 'a', manager: 'b' }, { id: 'b', manager: 'a' }), [
      'people.0.manager: a loop: "a" is in the end their own manager',
      'people.1.manager: a loop: "b" is in the end their own manager',
    ])
  })

  it('[U] refuses a deputy who cannot stand in: unknown, the person themselves, a backend, of another organisation', () => {
    const others = [
      { id: 'shop', service: true },
      { id: 'far', organisation: 'branch' },
    ]
    assert.deepEqual(flaws({ id: 'a', deputy: 'nobody' }), ['people.0.deputy: nobody is called "nobody"'])
    assert.deepEqual(flaws({ id: 'a', deputy: 'a' }), ['people.0.deputy: "a" cannot stand in for themselves'])
    assert.deepEqual(flaws({ id: 'a', deputy: 'shop' }, ...others), [
      'people.0.deputy: "shop" is a backend, not a person',
    ])
    const absences = [{ from: '2026-03-02', until: '2026-03-02', deputy: 'far' }]
    assert.deepEqual(flaws({ id: 'a', absences }, ...others), [
      'people.0.absences.0.deputy: "far" belongs to another organisation',
    ])
  })

  it('[U] lets two stand in for each other', () => {
    assert.deepEqual(flaws({ id: 'a', deputy: 'b' }, { id: 'b', deputy: 'a' }), [])
  })

  it('[U] refuses an absence that ends before it begins, and days that no calendar has', () => {
    const absent = (from: string, until: string) => flaws({ id: 'a', absences: [{ from, until }] })
    assert.deepEqual(absent('2026-03-02', '2026-03-01'), [
      'people.0.absences.0.until: the absence ends before it begins',
    ])
    assert.deepEqual(absent('2026-02-30', '2026-03-01'), ['people.0.absences.0.from: a date like 2026-10-01'])
    assert.deepEqual(flaws({ id: 'a', left: 'soon' }), ['people.0.left: a date like 2026-10-01'])
  })

  it('[U] gives its calendar to everybody who names none', () => {
    const { people } = directorySchema.parse({
      calendar: 'day',
      people: [
        { id: 'a', name },
        { id: 'b', name, calendar: 'night' },
      ],
    })
    assert.deepEqual(
      people.map(({ calendar }) => calendar),
      ['day', 'night'],
    )
  })
})
