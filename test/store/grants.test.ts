import assert from 'node:assert/strict'
import { grantStatements } from '../../store/grant-statements.ts'
import { journalPartitions } from '../../store/journal-partitions.ts'
import { openAuditor } from '../../store/open-auditor.ts'
import { openStore, type Store } from '../../store/open-store.ts'
import { SchemaOutdated } from '../../store/store-error.ts'
import { sharedPostgres, whyNoPostgres } from '../postgres.ts'
import { rawQuery } from './each-backend.ts'
import { minutes, sampleEvent, sampleOrder, sampleProjection, sampleTask } from './sample.ts'

describe('the roles of the database', () => {
  const why = whyNoPostgres()
  if (why !== null) {
    it.skip(`[I] skipped: ${why}`)
    return
  }
  let owner: string
  let application: string
  let auditor: string
  let store: Store

  before(async function () {
    this.timeout(60_000)
    owner = await (await sharedPostgres()).createDatabase()
    const as = (role: string) => owner.replace('//nolimbo@', `//${role}@`)
    application = as('nolimbo_app')
    auditor = as('nolimbo_auditor')
    await rawQuery(owner, 'create role nolimbo_app login; create role nolimbo_auditor login')
    await assert.rejects(openStore({ databaseUrl: application, dataFolder: '' }), SchemaOutdated)
    await assert.rejects(openAuditor({ databaseUrl: auditor, dataFolder: '' }), /run "nolimbo migrate"/)
    await (await openStore({ databaseUrl: owner, dataFolder: '' })).close()
    await rawQuery(owner, grantStatements('nolimbo_app', 'application').join('\n'))
    await rawQuery(owner, grantStatements('nolimbo_auditor', 'auditor').join('\n'))
    store = await openStore({ databaseUrl: application, dataFolder: '' })
    await store.insertOrder(sampleOrder('main', 'A-1'))
    const append = (seq: number) =>
      store.append({ organisation: 'main', orderNo: 'A-1', events: [sampleEvent(seq)] }, (_state, fresh) =>
        sampleProjection(fresh, { tasks: [sampleTask()] }),
      )
    await append(1)
    await append(2)
    await store.sealJournals(minutes(1))
  })
  after(async () => {
    await store?.close()
    await rawQuery(owner, 'drop owned by nolimbo_app, nolimbo_auditor; drop role nolimbo_app, nolimbo_auditor')
  })

  it('[I] let the application write orders, journal and ledger', async () => {
    assert.equal((await store.readJournal('main', 'A-1')).length, 2)
    assert.deepEqual(await rawQuery(owner, 'select number from ledger'), [{ number: 1 }])
    assert.equal((await store.listTasks({ organisation: 'main', owners: ['role:finance'], limit: 10 })).items.length, 1)
    await store.pruneRequests(minutes(1))
  })

  for (const statement of [
    `update journal set actor = 'x'`,
    'delete from journal',
    'truncate journal',
    `update ledger set hash = prev`,
    'delete from ledger',
    'truncate ledger',
    'delete from orders',
    'delete from store_migrations',
    'insert into journal_0 select * from journal',
    'alter table journal detach partition journal_0',
    'drop trigger journal_append_only on journal',
    'alter table journal disable trigger all',
    'alter table ledger disable trigger ledger_append_only',
    'drop table journal',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
    'set session_replication_role = replica',
  ]) {
    it(`[I] refuse the application: ${statement}`, async () => {
      await assert.rejects(rawQuery(application, statement), /permission denied|must be owner/)
    })
  }

  it('[I] let an auditor verify, and write nothing', async () => {
    const looking = await openAuditor({ databaseUrl: auditor, dataFolder: '' })
    try {
      const { entries, seals } = await looking.verify({ onFinding: () => {} })
      assert.deepEqual([entries, seals], [2, 1])
    } finally {
      await looking.close()
    }
    for (const statement of [
      'delete from unsealed',
      `update orders set status = 'x'`,
      'insert into ledger values (null)',
    ]) {
      await assert.rejects(rawQuery(auditor, statement), /permission denied/)
    }
  })

  it('[I] refuse the application each part of the journal, too', async () => {
    for (const part of journalPartitions) {
      for (const statement of [`update ${part} set actor = 'x'`, `delete from ${part}`, `truncate ${part}`]) {
        await assert.rejects(rawQuery(application, statement), /permission denied/, statement)
      }
    }
  })

  it('[I] know every part of the journal', async () => {
    const parts = await rawQuery(
      owner,
      `select inhrelid::regclass::text as part from pg_inherits
      where inhparent = 'journal'::regclass order by inhrelid`,
    )
    assert.deepEqual(
      parts,
      journalPartitions.map(part => ({ part })),
    )
  })

  it('[U] name a role as it is written', () => {
    assert.match(grantStatements('a"b; drop table journal', 'auditor')[0]!, /to "a""b; drop table journal";$/)
  })
})
