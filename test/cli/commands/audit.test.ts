import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrderState } from '../../../domain/core/state.ts'
import { project } from '../../../domain/view/projection.ts'
import { openStore } from '../../../store/open-store.ts'
import { sharedPostgres, whyNoPostgres } from '../../postgres.ts'
import { rawQuery } from '../../store/each-backend.ts'
import { minutes, sampleOrder } from '../../store/sample.ts'
import { madeUpJournal, sales } from '../../store/verify/audited.ts'

describe('nolimbo verify and export', function () {
  this.timeout(60_000)
  const why = whyNoPostgres()
  if (why !== null) {
    it.skip(`[I] skipped: ${why}`)
    return
  }
  let databaseUrl: string
  before(async () => {
    databaseUrl = await (await sharedPostgres()).createDatabase()
    await fill({ databaseUrl, dataFolder: '' })
  })

  function nolimbo(args: readonly string[], env: Record<string, string> = { DATABASE_URL: databaseUrl }) {
    const ran = spawnSync(process.execPath, ['cli/main.ts', ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
    return { code: ran.status, out: ran.stdout, err: ran.stderr }
  }

  async function fill(options: { databaseUrl?: string; dataFolder: string }) {
    const store = await openStore(options)
    for (const [organisation, orderNo, seed] of [
      ['main', 'A-1', 1],
      ['main', 'A-2', 2],
      ['south', 'A-1', 3],
    ] as const) {
      const { order, events } = madeUpJournal(orderNo, seed)
      await store.insertOrder(sampleOrder(organisation, orderNo, { startInput: { definition: sales, order } }))
      await store.append({ organisation, orderNo, events }, (previous, fresh) =>
        project(sales, previous as OrderState | null, fresh),
      )
    }
    await store.sealJournals(minutes(1))
    await store.close()
  }

  it('[I] exits with 0 for sound journals, and prints anchors that hold later', () => {
    const whole = nolimbo(['verify', '--anchor'])
    assert.equal(whole.code, 0, whole.err)
    assert.match(whole.out, /^3 orders, \d+ entries, 2 seals: sound\nmain:1:[0-9a-f]{64}\nsouth:1:[0-9a-f]{64}\n$/)
    const anchors = whole.out.trim().split('\n').slice(1)
    const later = nolimbo(['verify', ...anchors.flatMap(anchor => ['--expect', anchor]), '--json'])
    assert.equal(later.code, 0, later.err)
    assert.equal(JSON.parse(later.out).result, 'sound')
    assert.match(nolimbo(['verify', 'A-2']).out, /^1 orders, /)
    assert.match(nolimbo(['verify', '--organisation', 'south']).out, /^1 orders, \d+ entries, 1 seals: sound\n$/)
  })

  it('[I] exits with 1 and names what is not as it was written', async () => {
    const other = await (await sharedPostgres()).createDatabase()
    await fill({ databaseUrl: other, dataFolder: '' })
    await rawQuery(
      other,
      `set session_replication_role = replica; update journal set actor = 'x' where order_no = 'A-2' and seq = 2`,
    )
    const env = { DATABASE_URL: other }
    const told = nolimbo(['verify'], env)
    assert.equal(told.code, 1, told.err)
    assert.match(told.out, /^changed {2}main\/A-2 entry 2: .*\n3 orders, \d+ entries, 2 seals: not sound, 1 found\n$/)
    const { result, findings } = JSON.parse(nolimbo(['verify', '--json'], env).out)
    assert.equal(result, 'not sound')
    assert.deepEqual([findings[0].kind, findings[0].orderNo, findings[0].seq], ['changed', 'A-2', 2])
    assert.equal(nolimbo(['verify', 'A-1'], env).code, 0)
    assert.equal(nolimbo(['verify', '--expect', `main:1:${'ab'.repeat(32)}`, '--organisation', 'main'], env).code, 1)
  })

  it('[I] exits with 2 for a wrong use, an order that is not there and a store that cannot be read', () => {
    for (const args of [
      ['verify', 'a', 'b'],
      ['verify', '--expect', 'x'],
      ['verify', '--jsno'],
    ]) {
      const { code, out } = nolimbo(args)
      assert.deepEqual([code, out], [2, ''], args.join(' '))
    }
    for (const args of [
      ['export', '--format', 'xml'],
      ['export', '--since', 'yesterday'],
      ['grants'],
      ['migrate', 'x'],
    ]) {
      assert.equal(nolimbo(args).code, 2, args.join(' '))
    }
    assert.match(nolimbo(['verify', 'A-9']).err, /no order main\/A-9/)
    const nowhere = nolimbo(['verify'], { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' })
    assert.deepEqual([nowhere.code, nowhere.out], [2, ''])
    assert.match(nowhere.err, /the store is not available/)
  })

  it('[I] exports what was asked for, in both formats', () => {
    const lines = (...args: string[]) =>
      nolimbo(['export', ...args])
        .out.split(/\r?\n/)
        .filter(line => line !== '')
    const all = lines().map(line => JSON.parse(line))
    assert.deepEqual(
      [...new Set(all.map(({ organisation, orderNo }) => `${organisation}/${orderNo}`))],
      ['main/A-1', 'main/A-2', 'south/A-1'],
    )
    assert.equal(
      lines('A-2').length,
      all.filter(({ organisation, orderNo }) => `${organisation}/${orderNo}` === 'main/A-2').length,
    )
    assert.equal(
      lines('--organisation', 'south', '--format', 'csv').length,
      1 + all.filter(({ organisation }) => organisation === 'south').length,
    )
    const since = all.at(-1).at
    assert.equal(lines('--since', since).length, all.filter(({ at }) => at >= since).length)
    assert.equal(lines('--process', 'sales').length, all.length)
    assert.equal(lines('--process', 'return').length, 0)
  })

  it('[I] reads the embedded store too, and brings its tables up to date when told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nolimbo-audit-'))
    try {
      const env = { DATABASE_URL: '', NOLIMBO_DATA: folder }
      assert.match(nolimbo(['verify'], env).err, /nolimbo migrate/)
      assert.match(nolimbo(['migrate'], env).out, /up to date/)
      assert.match(nolimbo(['verify'], env).out, /^0 orders, 0 entries, 0 seals: sound\n$/)
      assert.match(nolimbo(['grants', 'app']).out, /revoke update, delete on journal, ledger from "app";/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
