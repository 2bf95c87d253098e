import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { endRequests, type RunningApi, startApi } from '../../api/serve.ts'
import { readEnvironment } from '../../config/environment.ts'
import { loadProcesses } from '../../config/processes.ts'
import type { Store } from '../../store/open-store.ts'
import { memoryStore } from '../new-store.ts'

const logger = pino({ level: 'silent' })
const processes = loadProcesses(join(import.meta.dirname, '../../processes'))

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

describe('startApi', () => {
  let store: Store
  let temporalAddress: string
  let api: RunningApi
  before(async () => {
    store = await memoryStore()
    temporalAddress = `127.0.0.1:${await deadPort()}`
    api = await startApi({ environment: readEnvironment({ PORT: '0' }), store, processes, temporalAddress, logger })
  })
  after(async () => {
    await api.close()
    await store.close()
  })

  it('[I] answers although Temporal is not there, and says so', async () => {
    const ready = await fetch(`${api.url}/readyz`)
    assert.equal(ready.status, 503)
    assert.deepEqual(await ready.json(), {
      status: 'unavailable',
      temporal: 'away',
      store: 'ok',
      clock: 'ok',
      people: 'ok',
      reasons: ['Temporal does not answer'],
    })
  })

  it('[I] says whose port is taken', async () => {
    const environment = readEnvironment({ PORT: new URL(api.url).port })
    const second = startApi({ environment, store, processes, temporalAddress, logger })
    await assert.rejects(second, /127\.0\.0\.1:\d+ is in use: choose another PORT/)
  })
})

describe('the end of a server', () => {
  async function serverAnsweringAfter(ms: number) {
    const began = Promise.withResolvers<void>()
    const server = createServer((_request, response) => {
      began.resolve()
      setTimeout(() => response.end('done'), ms)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return { server, began: began.promise, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  }

  it('[I] waits for the requests under way and takes no new ones', async () => {
    const { server, began, url } = await serverAnsweringAfter(200)
    const answer = fetch(url)
    await began
    const ended = endRequests(server)
    await assert.rejects(fetch(url))
    assert.equal(await (await answer).text(), 'done')
    await ended
  })

  it('[I] does not wait for ever', async () => {
    const { server, began, url } = await serverAnsweringAfter(60_000)
    const answer = assert.rejects(fetch(url))
    await began
    await endRequests(server, 100)
    await answer
  })
})
