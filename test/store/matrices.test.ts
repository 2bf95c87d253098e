import assert from 'node:assert/strict'
import type { Matrix } from '../../domain/permission/permission.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { noon } from './sample.ts'

onEachBackend('permission matrices', ({ store }) => {
  let organisation: string
  const rows = (role: string): Matrix['commands'] => ({ cancel: [{ roles: [role], statuses: 'open' }] })
  const publish = (version: number, role = 'order-desk', matrix = 'standard') =>
    store().publishMatrix({
      ...{ organisation, matrix, version, document: { matrix, version, commands: rows(role) } },
      ...{ publishedAt: noon, publishedBy: 'zhao' },
    })
  const versions = async (matrix?: string) =>
    (await store().listMatrices(organisation, matrix)).map(row => `${row.matrix} ${row.version}`)
  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] take the same again, refuse another one under its version, and go up only', async () => {
    assert.equal(await publish(2), 'published')
    assert.equal(await publish(2), 'known')
    assert.equal(await publish(2, 'finance'), 'conflict')
    assert.equal(await publish(1), 'low')
    assert.equal(await publish(3, 'finance'), 'published')
    assert.equal(await publish(2), 'known')
    assert.deepEqual(await versions(), ['standard 3', 'standard 2'])
  })

  it('[I] of a name: the newest is today’s, in each organisation its own', async () => {
    await publish(1)
    await publish(4, 'finance')
    await publish(1, 'finance', 'strict')
    const first = organisation
    organisation = newOrganisation()
    await publish(1, 'sales')
    const today = (await store().todaysMatrices()).filter(row => [first, organisation].includes(row.organisation))
    const named = today.map(row => `${row.organisation === first ? 'first' : 'second'} ${row.matrix} ${row.version}`)
    assert.deepEqual(named.sort(), ['first standard 4', 'first strict 1', 'second standard 1'])
    assert.deepEqual(await versions('strict'), [])
    organisation = first
    assert.deepEqual(await versions('strict'), ['strict 1'])
    const [row] = await store().listMatrices(organisation, 'standard')
    const document = { matrix: 'standard', version: 4, commands: rows('finance') }
    assert.deepEqual(row, { ...row, document, publishedAt: noon, publishedBy: 'zhao' })
  })

  it('[I] under one version: of several at once one is published', async () => {
    const roles = ['sales', 'finance', 'order-desk']
    const outcomes = await Promise.all(roles.map(role => publish(7, role)))
    assert.deepEqual(outcomes.sort(), ['conflict', 'conflict', 'published'])
  })
})
