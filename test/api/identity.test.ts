import assert from 'node:assert/strict'
import { demoKeys } from '../../api/identity.ts'
import { directorySchema } from '../../domain/directory.ts'

const name = { en: 'x', zh: 'x' }
const directory = directorySchema.parse({
  people: [
    { id: 'mei', name, roles: ['sales-supervisor'] },
    { id: 'shop', name, organisation: 'east', roles: ['service'], service: true },
  ],
})

describe('demo keys', () => {
  it('[U] stand for the person of that id, with roles and organisation', () => {
    const authenticate = demoKeys(directory, { auth: 'demo', host: '127.0.0.1' })
    assert.deepEqual(authenticate('Bearer demo-mei'), {
      actor: 'mei',
      roles: ['sales-supervisor'],
      organisation: 'main',
    })
    assert.equal(authenticate('bearer demo-shop')?.organisation, 'east')
    for (const header of [undefined, '', 'demo-mei', 'Bearer demo-Mei', 'Bearer demo-mei2', 'Bearer demo-nobody']) {
      assert.equal(authenticate(header), undefined, header)
    }
  })

  it('[U] are for this machine alone', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.0.0.1.example.com']) {
      assert.throws(() => demoKeys(directory, { auth: 'demo', host }), /loopback/, host)
    }
  })
})
