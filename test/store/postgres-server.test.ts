import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import pg from 'pg'
import { openStore, type Store } from '../../store/open-store.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { sharedPostgres, startPostgres, type TestPostgres, whyNoPostgres } from '../postgres.ts'
import { placeOrder, sampleEvent, sampleOrder, sampleProjection } from './sample.ts'

describe('a store on a PostgreSQL server', function () {
  this.timeout(60_000)
  const why = whyNoPostgres()
  if (why !== null) {
    it.skip(`[I] skipped: ${why}`)
    return
  }

  it('[I] is set up by many processes that start at once, and found as it is by the next', async () => {
    const databaseUrl = await (await sharedPostgres()).createDatabase()
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore({ databaseUrl, dataFolder: '' })))
    await Promise.all(stores.map((store, index) => placeOrder(store, 'main', `A-${index}`)))
    const next = await openStore({ databaseUrl, dataFolder: '' })
    assert.equal((await next.board('main', sampleEvent(1).at)).open, 6)
    await Promise.all([...stores, next].map(store => store.close()))
  })

  it('[I] puts appends of many processes to one order in a line', async () => {
    const databaseUrl = await (await sharedPostgres()).createDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ databaseUrl, dataFolder: '' })))
    await stores[0]!.insertOrder(sampleOrder('main', 'A-1'))
    const events = [sampleEvent(1), sampleEvent(2), sampleEvent(3)]
    let projections = 0
    const seqs = await Promise.all(
      stores.map(store =>
        store.append({ organisation: 'main', orderNo: 'A-1', events }, (_state, fresh) => {
          projections += 1
          return sampleProjection(fresh)
        }),
      ),
    )
    assert.deepEqual(seqs, [3, 3, 3, 3])
    assert.equal(projections, 1)
    await Promise.all(stores.map(store => store.close()))
  })

  it('[I] holds a journal that refuses to be changed', async () => {
    const databaseUrl = await (await sharedPostgres()).createDatabase()
    const store = await openStore({ databaseUrl, dataFolder: '' })
    await placeOrder(store, 'main', 'A-1')
    await store.close()
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    for (const statement of ["update journal set actor = 'x'", 'delete from journal', 'truncate journal']) {
      await assert.rejects(client.query(statement), /append-only/, statement)
    }
    assert.equal((await client.query('select 1 from journal')).rowCount, 1)
    await client.end()
  })

  describe('that goes away', () => {
    let server: TestPostgres
    let databaseUrl: string
    let store: Store

    before(async () => {
      server = await startPostgres()
      databaseUrl = await server.createDatabase()
      store = await openStore({ databaseUrl, dataFolder: '' })
    })

    after(async () => {
      await store?.close()
      await server?.remove()
    })

    for (const how of ['immediate', 'fast'] as const) {
      it(`[I] (${how}) says that it is not available, and works again once the server is back`, async () => {
        const orderNo = `A-${how}`
        await placeOrder(store, 'main', orderNo)
        // Several connections that are idle when the server ends.
        await Promise.all(Array.from({ length: 5 }, () => store.ping()))
        await server.halt(how)
        await assert.rejects(store.ping(), StoreUnavailable)
        const batch = { organisation: 'main', orderNo, events: [sampleEvent(2)] }
        const append = () => store.append(batch, (_state, fresh) => sampleProjection(fresh))
        await assert.rejects(append(), StoreUnavailable)
        await assert.rejects(openStore({ databaseUrl, dataFolder: '' }), StoreUnavailable)

        await server.resume()
        await store.ping()
        assert.equal(await append(), 2)
        assert.equal((await store.readJournal('main', orderNo)).length, 2)
      })
    }

    it('[I] in the middle of an append says so too, and the same append works afterwards', async () => {
      await store.insertOrder(sampleOrder('main', 'B-1'))
      const blocker = await lockOrder(databaseUrl, 'B-1')
      const waiting = assert.rejects(appendOne(store, 'B-1'), StoreUnavailable)
      await untilSomebodyWaits(blocker)
      await server.halt('immediate')
      await waiting
      await server.resume()
      assert.equal(await appendOne(store, 'B-1'), 1)
    })
  })

  it('[I] gives up on a statement that takes too long, and goes on', async () => {
    const databaseUrl = await (await sharedPostgres()).createDatabase()
    const store = await openStore({ databaseUrl: `${databaseUrl}?statement_timeout=300`, dataFolder: '' })
    await store.insertOrder(sampleOrder('main', 'A-1'))
    const blocker = await lockOrder(databaseUrl, 'A-1')
    await assert.rejects(appendOne(store, 'A-1'), StoreUnavailable)
    await blocker.query('rollback')
    assert.equal(await appendOne(store, 'A-1'), 1)
    await blocker.end()
    await store.close()
  })

  it('[I] gives up on a server that vanished without a word, and finds it again', async () => {
    const databaseUrl = new URL(await (await sharedPostgres()).createDatabase())
    const proxy = await startProxy(Number(databaseUrl.port))
    databaseUrl.port = String(proxy.port)
    databaseUrl.searchParams.set('query_timeout', '300')
    const store = await openStore({ databaseUrl: databaseUrl.href, dataFolder: '' })
    await store.insertOrder(sampleOrder('main', 'A-1'))
    proxy.swallow()
    const startedAt = performance.now()
    await assert.rejects(appendOne(store, 'A-1'), StoreUnavailable)
    assert.ok(performance.now() - startedAt < 3_000)
    assert.equal(await appendOne(store, 'A-1'), 1)
    await store.close()
    proxy.end()
  })
})

function appendOne(store: Store, orderNo: string): Promise<number> {
  const batch = { organisation: 'main', orderNo, events: [sampleEvent(1)] }
  return store.append(batch, (_state, fresh) => sampleProjection(fresh))
}

/** Another client in the middle of a transaction that holds the order's row. */
async function lockOrder(databaseUrl: string, orderNo: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  await client.query(`begin; select 1 from orders where order_no = '${orderNo}' for update`)
  return client
}

async function untilSomebodyWaits(client: pg.Client): Promise<void> {
  for (;;) {
    // Statistics are a snapshot within a transaction.
    const { rowCount } = await client.query(
      "select pg_stat_clear_snapshot(), 1 from pg_stat_activity where wait_event_type = 'Lock'",
    )
    if (rowCount !== 0) return
  }
}

/** Between a store and its server. Once told to swallow, it goes silent on the connections that it has then. */
async function startProxy(serverPort: number): Promise<{ port: number; swallow(): void; end(): void }> {
  const sockets = new Set<Socket>()
  const proxy = createServer(client => {
    const server = connect(serverPort, '127.0.0.1')
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}))
    client.pipe(server).pipe(client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    port: (proxy.address() as AddressInfo).port,
    swallow() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    end() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}
