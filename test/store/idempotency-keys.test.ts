import assert from 'node:assert/strict'
import type { RequestClaim } from '../../store/idempotency-keys.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon } from './sample.ts'

onEachBackend('idempotency keys', ({ store }) => {
  let organisation: string
  const begin = (now = noon, requestHash = 'hash') =>
    store().beginRequest({ organisation, actor: 'shop', key: 'k-1', requestHash, now })
  async function claim(now = noon): Promise<RequestClaim> {
    const beginning = await begin(now)
    assert.ok(beginning.outcome === 'new')
    return beginning.claim
  }
  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] gives a finished request its first answer again, as it was', async () => {
    const body = { zebra: 1, apple: [{ b: 1, a: 2 }] }
    await store().finishRequest(await claim(), { status: 201, body })
    const replay = await begin(minutes(5))
    assert.deepEqual(replay, { outcome: 'replay', status: 201, body })
    assert.equal(JSON.stringify(replay.outcome === 'replay' && replay.body), JSON.stringify(body))
  })

  it('[I] refuses the same key for another request, begun or finished', async () => {
    const held = await claim()
    assert.deepEqual(await begin(noon, 'other'), { outcome: 'conflict' })
    await store().finishRequest(held, { status: 200, body: null })
    assert.deepEqual(await begin(noon, 'other'), { outcome: 'conflict' })
    assert.deepEqual(await begin(), { outcome: 'replay', status: 200, body: null })
  })

  it('[I] lets one of twenty at once go on', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => begin()))
    assert.deepEqual(results.map(result => result.outcome).sort(), [
      ...Array.from({ length: 19 }, () => 'in_progress'),
      'new',
    ])
  })

  it('[I] hands a request over after fifteen seconds; whoever was too slow changes nothing any more', async () => {
    const slow = await claim()
    assert.deepEqual(await begin(minutes(0.2)), { outcome: 'in_progress' })
    const next = await claim(minutes(0.3))
    await store().finishRequest(slow, { status: 500, body: 'slow' })
    await store().abandonRequest(slow)
    assert.deepEqual(await begin(minutes(0.5)), { outcome: 'in_progress' })
    await store().finishRequest(next, { status: 200, body: 'next' })
    assert.deepEqual(await begin(minutes(9)), { outcome: 'replay', status: 200, body: 'next' })
  })

  it('[I] frees the key of a request that was abandoned', async () => {
    await store().abandonRequest(await claim())
    assert.equal((await begin(noon, 'other')).outcome, 'new')
  })

  it('[I] keeps the keys of each person apart', async () => {
    await claim()
    const other = { organisation, actor: 'sun', key: 'k-1', requestHash: 'other', now: noon }
    assert.equal((await store().beginRequest(other)).outcome, 'new')
  })

  it('[I] forgets keys after seven days', async () => {
    await store().finishRequest(await claim(), { status: 200, body: {} })
    await store().pruneRequests(minutes(7 * 24 * 60))
    assert.equal((await begin()).outcome, 'replay')
    assert.ok((await store().pruneRequests(minutes(7 * 24 * 60 + 1))) >= 1)
    assert.equal((await begin()).outcome, 'new')
  })
})
