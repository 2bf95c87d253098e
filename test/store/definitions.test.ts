import assert from 'node:assert/strict'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon } from './sample.ts'

onEachBackend('definitions', ({ store }) => {
  let organisation: string
  const insert = (version: number, document: unknown = { version }) =>
    store().insertDefinition({ organisation, processId: 'sales', version, document })
  const setState = (version: number, state: 'draft' | 'live' | 'withdrawn', at = noon) =>
    store().setDefinitionState(organisation, 'sales', version, state, at)
  const states = async () =>
    (await store().listDefinitions(organisation)).map(row => `${row.processId} ${row.version} ${row.state}`)
  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] takes the same document again and refuses another under its version', async () => {
    assert.equal(await insert(1, { steps: [{ id: 'a', kind: 'task' }] }), 'stored')
    assert.equal(await insert(1, { steps: [{ kind: 'task', id: 'a' }] }), 'known')
    assert.equal(await insert(1, { steps: [{ id: 'a', kind: 'wait' }] }), 'conflict')
    assert.deepEqual(await store().getDefinition(organisation, 'sales', 1), {
      organisation,
      processId: 'sales',
      version: 1,
      document: { steps: [{ id: 'a', kind: 'task' }] },
      state: 'draft',
      publishedAt: null,
    })
    assert.equal(await store().getDefinition(organisation, 'sales', 2), null)
  })

  it('[I] has one live version of a process at most, also when two go live at once', async () => {
    await insert(1)
    await insert(2)
    await store().insertDefinition({ organisation, processId: 'returns', version: 1, document: {} })
    assert.equal(await store().liveDefinition(organisation, 'sales'), null)
    assert.equal(await setState(1, 'live'), true)
    assert.equal(await setState(2, 'live', minutes(1)), true)
    assert.deepEqual(await states(), ['returns 1 draft', 'sales 2 live', 'sales 1 withdrawn'])
    assert.equal((await store().liveDefinition(organisation, 'sales'))?.version, 2)

    await setState(1, 'live', minutes(2))
    assert.equal((await store().liveDefinition(organisation, 'sales'))?.publishedAt, noon)
    await setState(1, 'withdrawn')
    assert.equal(await store().liveDefinition(organisation, 'sales'), null)
    assert.equal(await setState(3, 'live'), false)

    await Promise.all([1, 2, 1, 2, 1, 2].map(version => setState(version, 'live')))
    const sales = await store().listDefinitions(organisation, 'sales')
    assert.deepEqual(sales.map(row => row.state).sort(), ['live', 'withdrawn'])
  })
})
