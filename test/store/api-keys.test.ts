import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { NewApiKey } from '../../store/api-keys.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon } from './sample.ts'

onEachBackend('API keys', ({ store }) => {
  let organisation: string
  beforeEach(() => {
    organisation = newOrganisation()
  })
  const random = () => randomBytes(8).toString('hex')
  async function insert(changes: Partial<NewApiKey> = {}): Promise<NewApiKey> {
    const key: NewApiKey = {
      id: `key-${random()}`,
      hash: random(),
      organisation,
      actor: 'shop',
      kind: 'service',
      roles: ['service', 'auditor'],
      note: null,
      createdAt: noon,
      createdBy: 'admin',
      expiresAt: null,
      ...changes,
    }
    await store().insertApiKey(key)
    return key
  }
  const fresh = { lastUsedAt: null, revokedAt: null, revokedBy: null }

  it('[I] are found by their hash', async () => {
    const key = await insert({ note: 'x', expiresAt: minutes(9) })
    assert.deepEqual(await store().findApiKey(key.hash), { ...key, ...fresh })
    assert.equal(await store().findApiKey('no such'), null)
    await assert.rejects(insert({ hash: key.hash }))
  })

  it('[I] are revoked once, by an own organisation only', async () => {
    const { id, hash } = await insert()
    assert.equal(await store().revokeApiKey('another', id, 'admin', noon), null)
    assert.equal((await store().revokeApiKey(organisation, id, 'admin', minutes(1)))?.revokedAt, minutes(1))
    const again = await store().revokeApiKey(organisation, id, 'other', minutes(2))
    assert.deepEqual([again?.revokedAt, again?.revokedBy], [minutes(1), 'admin'])
    assert.equal((await store().findApiKey(hash))?.revokedAt, minutes(1))
  })

  it('[I] are listed newest first, page by page', async () => {
    const ids: string[] = []
    for (let at = 0; at < 5; at += 1) ids.unshift((await insert({ createdAt: minutes(at) })).id)
    const first = await store().listApiKeys({ organisation, limit: 3 })
    const second = await store().listApiKeys({ organisation, limit: 3, cursor: first.nextCursor! })
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      ids,
    )
    assert.equal(second.nextCursor, null)
  })

  it('[I] know when they were last used', async () => {
    const { id, hash } = await insert()
    await store().touchApiKey(id, minutes(3))
    assert.equal((await store().findApiKey(hash))?.lastUsedAt, minutes(3))
  })
})
