import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openStore, type Store } from '../../store/open-store.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { sharedPostgres, whyNoPostgres } from '../postgres.ts'
import { sampleEvent, sampleOrder, sampleProjection } from './sample.ts'

/** A file system of its own, so small that it can be filled; '' where this user may not mount one. */
function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nolimbo-full-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'none', folder], { stdio: 'pipe' })
    chmodSync(folder, 0o777)
    return folder
  } catch {
    rmdirSync(folder)
    return ''
  }
}

/** Tables on a disk that fills up, on a real PostgreSQL server whose log is elsewhere. */
describe('a store whose disk is full', function () {
  this.timeout(60_000)
  let disk = ''
  let store: Store
  let server: pg.Client
  let filler: string

  // Needs PostgreSQL, and the right to mount a small disk.
  before(async function () {
    disk = whyNoPostgres() === null ? smallDisk() : ''
    if (disk === '') return this.skip()
    filler = join(disk, 'filler')
    const url = await (await sharedPostgres()).createDatabase()
    server = new pg.Client(url.replace(/[^/]+$/, 'postgres'))
    await server.connect()
    const tables = join(disk, 'tables')
    // The server runs as a user of its own.
    execFileSync('install', ['-d', '-m', '0700', '-o', owner(await dataFolder(server)), tables])
    await server.query(`create tablespace small location '${tables}'`)
    await server.query('create database on_small tablespace small')
    store = await openStore({ dataFolder: '', databaseUrl: url.replace(/[^/]+$/, 'on_small') })
  })
  after(async () => {
    await store?.close()
    await server?.query('drop database if exists on_small')
    await server?.query('drop tablespace if exists small')
    await server?.end()
    if (disk === '') return
    execFileSync('umount', [disk])
    rmdirSync(disk)
  })

  it('[I] refuses new orders and journals as unavailable, still reads, and goes on by itself when there is room', async () => {
    await store.insertOrder(sampleOrder('main', 'D-0'))
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 200_000)))
    const large = { content: { note: Array.from({ length: 2_000 }, () => Math.random().toString(36)).join() } }
    let refused: unknown
    let accepted = 0
    for (let count = 1; count < 200 && refused === undefined; count += 1) {
      await store.insertOrder(sampleOrder('main', `D-${count}`, large)).then(
        () => (accepted = count),
        (error: unknown) => (refused = error),
      )
    }
    assert.ok(refused instanceof StoreUnavailable, String(refused))
    assert.match(refused.message, /No space left on device/)
    assert.equal(await store.getOrder('main', `D-${accepted + 1}`), null, 'what was refused is not there')
    const events = [sampleEvent(1, { data: large })]
    const append = () =>
      store.append({ organisation: 'main', orderNo: 'D-0', events, attempts: [] }, () => sampleProjection(events))
    await assert.rejects(append, StoreUnavailable)
    assert.equal((await store.getOrder('main', 'D-0'))?.orderNo, 'D-0')

    rmSync(filler)
    await append()
    assert.equal((await store.readJournal('main', 'D-0')).length, 1)
    assert.deepEqual(await store.insertOrder(sampleOrder('main', `D-${accepted + 1}`, large)), { inserted: true })
  })
})

async function dataFolder(server: pg.Client): Promise<string> {
  return (await server.query<{ data_directory: string }>('show data_directory')).rows[0]!.data_directory
}

function owner(folder: string): string {
  return execFileSync('stat', ['-c', '%U', folder]).toString().trim()
}
