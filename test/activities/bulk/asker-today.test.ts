import assert from 'node:assert/strict'
import { askerToday } from '../../../activities/bulk/asker-today.ts'
import type { Directory } from '../../../domain/directory.ts'
import type { ApiKeyRow } from '../../../store/api-keys.ts'
import { people } from '../../domain/definitions.ts'

const now = '2026-03-02T02:00:00.000Z'
const yesterday = '2026-03-01T02:00:00.000Z'

const mei = { organisation: 'main', actor: 'mei', roles: null, service: false }
const erp = { organisation: 'main', actor: 'erp', roles: ['sales'], service: true }

const today = (
  asker: typeof mei | typeof erp,
  directory: Directory = people,
  keys: readonly Partial<ApiKeyRow>[] = [],
) => askerToday(asker, directory, async () => keys as ApiKeyRow[], now)

/** The directory with one person changed. */
const withMei = (changes: object): Directory => ({
  ...people,
  people: people.people.map(person => (person.id === 'mei' ? { ...person, ...changes } : person)),
})

const key = { revokedAt: null, expiresAt: null }

describe('whoever has asked for a bulk, as they are today', () => {
  it('[U] has the roles that the directory gives them today', async () => {
    const roles = ['finance']
    assert.deepEqual(await today(mei, withMei({ roles })), { actor: 'mei', roles, organisation: 'main', left: [] })
  })

  it('[U] keeps the roles that a token gave them, since nobody else knows them', async () => {
    const roles = ['ops-manager']
    const asker = await today({ ...mei, roles } as never, withMei({ roles: ['finance'] }))
    assert.deepEqual('roles' in asker && asker.roles, roles)
  })

  it('[U] acts in the place of those who are away now', async () => {
    const absences = [{ from: '2026-03-02', until: '2026-03-03', deputy: 'ling' }]
    const asker = await today({ ...mei, actor: 'ling' }, withMei({ absences }))
    const standsInFor = 'standsInFor' in asker ? asker.standsInFor : undefined
    assert.deepEqual(
      standsInFor?.map(({ id, because }) => [id, because]),
      [['mei', 'absent']],
    )
  })

  it('[U] does nothing any more once they have left or are not in the directory', async () => {
    assert.deepEqual(await today(mei, withMei({ left: '2026-03-01' })), {
      gone: '"mei", who asked, works here no more',
    })
    const nobody = { ...people, people: people.people.filter(({ id }) => id !== 'mei') }
    assert.deepEqual(await today(mei, nobody), { gone: 'there is nobody called "mei" any more' })
  })

  it('[U] as a service keeps its roles while one of its keys is good', async () => {
    const revoked = { ...key, revokedAt: yesterday }
    const expired = { ...key, expiresAt: yesterday }
    const asked = { actor: 'erp', roles: ['sales'], organisation: 'main', service: true }
    assert.deepEqual(await today(erp, people, [revoked, key]), asked)
    assert.deepEqual(await today(erp, people, []), asked)
    const gone = { gone: 'every key of "erp" is revoked or has expired' }
    assert.deepEqual(await today(erp, people, [revoked, expired]), gone)
  })

  it('[U] as a service of the directory has the roles that it has there, or none', async () => {
    const shop = { ...erp, actor: 'shop', roles: null } as never
    const asker = await today(shop)
    assert.ok('roles' in asker && asker.roles.length > 0 && asker.service)
    const none = { ...people, people: people.people.filter(({ id }) => id !== 'shop') }
    assert.deepEqual(await today(shop, none), { gone: 'there is no service account "shop" any more' })
  })
})
