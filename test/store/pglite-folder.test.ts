import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { openStore, type Store } from '../../store/open-store.ts'
import { FolderInUse } from '../../store/store-error.ts'
import { placeOrder } from './sample.ts'

describe("the embedded store's folder", function () {
  this.timeout(60_000)
  let dataFolder: string
  let holder: ChildProcess
  let store: Store | null = null

  before(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'nolimbo-store-'))
  })

  after(async () => {
    holder?.kill('SIGKILL')
    await store?.close()
    rmSync(dataFolder, { recursive: true, force: true })
  })

  async function holdFolder(): Promise<void> {
    const script = join(import.meta.dirname, 'hold-folder.ts')
    holder = spawn(process.execPath, [script, dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [output] = await once(holder.stdout!, 'data')
    assert.equal(String(output), 'open\n')
  }

  async function killHolder(): Promise<void> {
    const ended = once(holder, 'exit')
    holder.kill('SIGKILL')
    await ended
  }

  it('[I] is refused to a second process, which is told who has it', async () => {
    // As a process leaves it that was killed while it set up its folder.
    mkdirSync(join(dataFolder, 'store', 'pglite-unfinished', 'base'), { recursive: true })
    writeFileSync(join(dataFolder, 'store', 'pglite-unfinished', 'PG_VERSION'), '18')
    await holdFolder()
    const refused = { name: 'FolderInUse', holderPid: holder.pid, message: new RegExp(`process ${holder.pid}:`) }
    await assert.rejects(openStore({ dataFolder }), refused)
    await assert.rejects(openStore({ dataFolder }), refused)
  })

  it('[I] is free at once after kill -9, with all that was acknowledged', async () => {
    const first = holder.pid!
    await killHolder()
    await holdFolder()
    const second = holder.pid!
    await killHolder()
    // As if the pid had been given to somebody who lives: us.
    writeFileSync(join(dataFolder, 'store', 'holder.pid'), String(process.pid))
    store = await openStore({ dataFolder })
    const kept = await store.listDefinitions('main', 'kept')
    assert.deepEqual(new Set(kept.map(row => row.version)), new Set([first, second]))
  })

  it('[I] is refused to the process that has it open already, and free again once that is closed', async () => {
    await assert.rejects(openStore({ dataFolder }), new FolderInUse(join(dataFolder, 'store'), process.pid))
    await placeOrder(store!, 'main', 'A-1')
    await store!.close()
    await store!.close()
    assert.equal(existsSync(join(dataFolder, 'store', 'holder.pid')), false)
    await assert.rejects(store!.ping())
    store = await openStore({ dataFolder })
    assert.equal((await store.getOrder('main', 'A-1'))?.seq, 1)
    await store.close()
  })

  it('[I] holds a journal that refuses to be changed', async () => {
    const database = await PGlite.create(join(dataFolder, 'store', 'pglite'))
    for (const statement of ["update journal set actor = 'x'", 'delete from journal', 'truncate journal']) {
      await assert.rejects(database.query(statement), /append-only/, statement)
    }
    assert.equal((await database.query('select 1 from journal')).rows.length, 1)
    await database.close()
  })
})
