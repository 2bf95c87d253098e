import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type RunningSandbox, startSandbox } from '../../connectors/sandbox/server.ts'
import { startPostgres, type TestPostgres, whyNoPostgres } from '../postgres.ts'
import { steadyPort } from '../steady-port.ts'
import { devServer } from '../temporal.ts'
import { type Installation, installation } from './installation.ts'
import { command, histories, journal, ledger, place, report, until, view } from './shop.ts'

const repository = join(import.meta.dirname, '../..')

/** Worker and API as processes of their own, on a PostgreSQL server that goes away. */
describe('nolimbo in production', function () {
  this.timeout(90_000)
  const why = whyNoPostgres()
  if (why !== null) {
    it.skip(`[E] skipped: ${why}`)
    return
  }

  let folder: string
  const programs: ChildProcess[] = []
  let postgres: TestPostgres
  let sandbox: RunningSandbox
  let nolimbo: Installation

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-e2e-'))
    const port = await steadyPort()
    const apiUrl = `http://127.0.0.1:${port}`
    const [server, temporal] = await Promise.all([startPostgres(), devServer()])
    postgres = server
    sandbox = await startSandbox({ port: 0, folder, callback: { url: apiUrl, key: 'demo-shop' } })
    const sandboxUrl = `http://127.0.0.1:${sandbox.port}`
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: temporal.address,
      DATABASE_URL: await postgres.createDatabase(),
      SANDBOX_URL: sandboxUrl,
      PORT: String(port),
    }
    const start = async (file: string, ready: RegExp) => {
      const program = spawn(process.execPath, [file], { cwd: repository, env, stdio: ['ignore', 'pipe', 'inherit'] })
      programs.push(program)
      for await (const line of createInterface({ input: program.stdout }))
        if (ready.test(line)) return program.stdout.resume()
      throw new Error(`${file} ended`)
    }
    await Promise.all([start('worker/main.ts', /polls/), start('api/main.ts', /answers/)])
    nolimbo = installation(apiUrl, sandboxUrl, temporal.address)
  })

  after(async () => {
    for (const program of programs) {
      const ended = once(program, 'exit')
      program.kill('SIGTERM')
      await ended
    }
    await sandbox.close()
    await postgres.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  it('[E] with its store away: orders go on, new ones get 503, and it recovers by itself', async () => {
    for (const orderNo of ['store-1', 'store-2']) assert.equal((await place(nolimbo, orderNo, 'large')).status, 201)
    await until('both wait for approval', 20_000, async () => {
      const statuses = [await view(nolimbo, 'store-1'), await view(nolimbo, 'store-2')].map(order => order.status)
      return statuses.every(status => status === 'pending_approval')
    })
    await postgres.halt('immediate')
    const approved = await command(nolimbo, 'mei', 'store-1', 'approve')
    assert.equal(approved.status, 200, JSON.stringify(approved.body))
    const cancelled = await report(nolimbo, 'store-2', 'customer.cancelled')
    assert.deepEqual([cancelled.status, cancelled.body.state], [202, 'taken'])
    const withoutStore = [
      await place(nolimbo, 'store-3'),
      await nolimbo.ask('qin', 'GET', '/api/orders'),
      await nolimbo.ask('qin', 'GET', '/api/orders/store-1'),
      await report(nolimbo, 'store-none', 'customer.cancelled'),
    ]
    assert.deepEqual(
      withoutStore.map(({ status, body }) => `${status} ${body.code}`),
      Array(4).fill('503 unavailable'),
    )
    const readiness = await nolimbo.ask('', 'GET', '/readyz')
    assert.deepEqual([readiness.status, readiness.body.temporal, readiness.body.store], [503, 'ok', 'away'])
    await until('the order that was approved meanwhile has left', 20_000, async () => {
      return (await ledger(nolimbo))('store-1').parcels === 1
    })

    await postgres.resume()
    await until('it is ready again', 30_000, async () => (await nolimbo.ask('', 'GET', '/readyz')).status === 200)
    const temporal = await histories(nolimbo)
    await until('the journals are complete', 40_000, async () => {
      const [first, second] = [await view(nolimbo, 'store-1'), await view(nolimbo, 'store-2')]
      return first.status === 'in_transit' && second.status === 'cancelled'
    })
    for (const orderNo of ['store-1', 'store-2']) {
      const { seq } = await temporal.state(orderNo)
      await until(`the journal of ${orderNo} is stored`, 40_000, async () => {
        return (await journal(nolimbo, orderNo)).length === seq
      })
    }
    await temporal.close()
    assert.equal((await place(nolimbo, 'store-3')).status, 201)
  })
})
