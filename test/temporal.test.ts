import assert from 'node:assert/strict'
import { devServer, timeSkippingServer } from './temporal.ts'

describe('servers for tests', () => {
  it('[I] are started once and shared', async () => {
    const [first, second] = await Promise.all([devServer(), devServer()])
    assert.equal(first.address, second.address)
  })

  it('[I] can skip time', async () => {
    const environment = await timeSkippingServer()
    assert.equal(environment, await timeSkippingServer())
    const startMs = await environment.currentTimeMs()
    await environment.sleep('30 days')
    assert.ok((await environment.currentTimeMs()) - startMs >= 30 * 24 * 3_600_000)
  })
})
