import assert from 'node:assert/strict'
import { type Directory, directorySchema, type Person } from '../../domain/directory.ts'
import { inPlaceOf } from '../../domain/presence.ts'
import { keepDirectory } from '../../store/kept-directory.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon } from './sample.ts'

const away = { from: '2026-03-02', until: '2026-03-06' }
const leave = { from: '2026-05-02', until: '2026-05-06' }

function peopleOf(organisation: string, ...people: object[]): Person[] {
  const name = { en: 'X', zh: '某' }
  return directorySchema.parse({ people: people.map(person => ({ name, organisation, ...person })) }).people
}

onEachBackend('people', ({ store }) => {
  const rows = async (organisation: string) =>
    (await store().listPeople()).filter(row => row.organisation === organisation)
  const versions = async (organisation: string) =>
    (await rows(organisation)).map(({ id, version }) => `${id} ${version}`)

  it('[I] has a new version of whoever has changed, and those who are listed no more have left', async () => {
    const organisation = newOrganisation()
    await store().storePeople(peopleOf(organisation, { id: 'a' }, { id: 'b' }), noon)
    await store().storePeople(peopleOf(organisation, { id: 'a' }, { id: 'b', roles: ['finance'] }), minutes(1))
    assert.deepEqual(await versions(organisation), ['a 1', 'b 2'])
    await store().storePeople(peopleOf(organisation, { id: 'b', roles: ['finance'] }), minutes(2))
    assert.deepEqual(await versions(organisation), ['a 2', 'b 2'])
    const [a, b] = await rows(organisation)
    assert.deepEqual([a?.document.left, b?.document.left], ['2026-03-01', undefined])
    assert.deepEqual(b?.document.roles, ['finance'])
    await store().storePeople(peopleOf(organisation, { id: 'b', roles: ['finance'] }), minutes(2000))
    assert.deepEqual(await versions(organisation), ['a 2', 'b 2'])
    await store().storePeople(peopleOf(organisation, { id: 'a' }, { id: 'b', roles: ['finance'] }), minutes(2001))
    assert.deepEqual(await versions(organisation), ['a 3', 'b 2'])
    assert.equal((await rows(organisation))[0]?.document.left, undefined, 'and is back')
  })

  it('[I] leave what was theirs to their manager where they are listed no more', async () => {
    const organisation = newOrganisation()
    const channels = ['inbox']
    const boss = { id: 'boss', channels }
    await store().storePeople(peopleOf(organisation, boss, { id: 'a', manager: 'boss', channels }), noon)
    await store().storePeople(peopleOf(organisation, boss), minutes(1))
    const directory = await keepDirectory(store(), { people: peopleOf(organisation, boss) }).today()
    const person = directory.people.find(({ id }) => id === 'boss')!
    assert.deepEqual(inPlaceOf(directory, person, minutes(2)), {
      standsInFor: [{ id: 'a', because: 'left', roles: [] }],
    })
  })

  it('[I] keeps absences that were set over a start, until the file says other ones', async () => {
    const organisation = newOrganisation()
    const absencesOf = async () => (await rows(organisation))[0]?.absences
    await store().storePeople(peopleOf(organisation, { id: 'a' }), noon)
    assert.equal(await store().setAbsences({ organisation, id: 'a' }, [away], 'boss', minutes(1)), true)
    await store().storePeople(peopleOf(organisation, { id: 'a', roles: ['finance'] }), minutes(2))
    assert.deepEqual(await absencesOf(), [away])
    assert.deepEqual(
      [(await rows(organisation))[0]?.absencesBy, (await rows(organisation))[0]?.absencesAt],
      ['boss', minutes(1)],
    )
    await store().storePeople(peopleOf(organisation, { id: 'a', absences: [leave] }), minutes(3))
    assert.equal(await absencesOf(), null)
    assert.equal(await store().setAbsences({ organisation, id: 'nobody' }, [], 'boss', noon), false)
  })

  it("[I] make up today's directory, with those of the file where the store knows none", async () => {
    const [here, elsewhere] = [newOrganisation(), newOrganisation()]
    await store().storePeople(peopleOf(here, { id: 'a', absences: [leave] }), noon)
    const file: Directory = { people: [...peopleOf(here, { id: 'old' }), ...peopleOf(elsewhere, { id: 'b' })] }
    const kept = keepDirectory(store(), file)
    const today = async () => (await kept.today()).people.map(({ id, absences }) => [id, absences])
    assert.deepEqual(await today(), [
      ['a', [leave]],
      ['b', undefined],
    ])
    await store().setAbsences({ organisation: here, id: 'a' }, [], 'a', noon)
    kept.forget()
    assert.deepEqual(await today(), [
      ['a', []],
      ['b', undefined],
    ])
  })
})

describe("today's directory", () => {
  const file: Directory = { people: peopleOf('main', { id: 'a' }) }

  it('[U] is what was last known while the store is away, and nobody waits for one that does not answer', async () => {
    const away = keepDirectory({ listPeople: () => Promise.reject(new StoreUnavailable('away')) }, file)
    assert.equal(await away.today(), file)
    const silent = keepDirectory({ listPeople: () => new Promise(() => {}) }, file)
    assert.equal(await silent.today(), file)
  })

  it('[U] is read once for all who ask at the same time, and not again for a moment', async () => {
    let read = 0
    const kept = keepDirectory(
      {
        listPeople: async () => {
          read += 1
          return []
        },
      },
      file,
    )
    await Promise.all([kept.today(), kept.today()])
    await kept.today()
    assert.equal(read, 1)
  })
})
