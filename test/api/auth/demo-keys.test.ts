import assert from 'node:assert/strict'
import { pino } from 'pino'
import { authenticator } from '../../../api/auth/authenticate.ts'
import { directorySchema } from '../../../domain/directory.ts'

const name = { en: 'x', zh: 'x' }
const directory = directorySchema.parse({
  people: [
    { id: 'mei', name, roles: ['sales-supervisor'] },
    { id: 'old', name, roles: ['sales'], left: '2026-01-01' },
    { id: 'shop', name, organisation: 'east', roles: ['service'], service: true },
  ],
})
const keys = { find: async () => null, used: () => {}, forget: () => {} }
const demo = (host = '127.0.0.1') =>
  authenticator({
    auth: { kinds: ['demo'] },
    host,
    directory: async () => directory,
    keys,
    clock: () => new Date(),
    logger: pino({ level: 'silent' }),
  })

describe('demo keys', () => {
  it('[U] stand for the person of that id, with roles and organisation', async () => {
    const authenticate = demo()
    assert.deepEqual(await authenticate('Bearer demo-mei'), {
      actor: 'mei',
      roles: ['sales-supervisor'],
      organisation: 'main',
    })
    assert.deepEqual(await authenticate('bearer demo-shop'), {
      actor: 'shop',
      roles: ['service'],
      organisation: 'east',
      service: true,
    })
    for (const header of [undefined, '', 'demo-mei', 'Bearer demo-Mei', 'Bearer demo-mei2', 'Bearer demo-nobody']) {
      await assert.rejects(authenticate(header), { code: 'unauthenticated' }, header)
    }
  })

  it('[U] of somebody who has left are good for nothing', async () => {
    await assert.rejects(demo()('Bearer demo-old'), { code: 'unknown_person', message: '"old" works here no more' })
  })

  it('[U] are for this machine alone', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.0.0.1.example.com']) {
      assert.throws(() => demo(host), /loopback/, host)
    }
  })
})
