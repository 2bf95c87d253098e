import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { JournalEntry } from '../../store/journal.ts'
import { chainStart, entryHash, entryText, ledgerStart, sealHash } from '../../store/journal-chain.ts'
import { journalPartitions } from '../../store/journal-partitions.ts'
import { whyNoPostgres } from '../postgres.ts'
import { minutes, sampleEvent, sampleOrder, sampleProjection } from './sample.ts'
import { type AuditedStore, auditedStore, madeUpJournal } from './verify/audited.ts'

const entry: JournalEntry = {
  organisation: 'main',
  orderNo: 'A-1',
  seq: 1,
  at: '2026-03-02T12:00:00.000Z',
  type: 'step.entered',
  actor: 'sun',
  reason: null,
  command: null,
  matrix: null,
  data: { step: '审批', round: 1, 10: 1e21, 9: 0.1 },
}

describe('the chain of a journal', () => {
  it('[U] hashes canonical JSON, whatever an entry holds', () => {
    const text = fc.string({ unit: 'binary' })
    const entries = fc.record<JournalEntry>({
      ...{ organisation: text, orderNo: text, seq: fc.nat(), at: text, type: text, actor: text },
      ...{ reason: fc.option(text), command: fc.option(text), matrix: fc.option(text.filter(one => one !== '')) },
      data: fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<unknown>),
    })
    fc.assert(
      fc.property(entries, ({ matrix, ...content }) => {
        const whole = matrix === null ? content : { ...content, matrix }
        assert.equal(entryText({ ...content, matrix }), canonicalize(whole))
      }),
    )
  })

  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

  it('[U] is SHA-256 over the hash before and the canonical JSON, as the guide tells auditors', () => {
    const start = sha256('{"orderNo":"A-1","organisation":"main"}')
    assert.equal(chainStart(entry), start)
    const canonical =
      '{"actor":"sun","at":"2026-03-02T12:00:00.000Z","command":null,"data":{"10":1e+21,"9":0.1,"round":1,"step":"审批"},' +
      '"orderNo":"A-1","organisation":"main","reason":null,"seq":1,"type":"step.entered"}'
    assert.equal(entryHash(start, entry), sha256(start + canonical))
    assert.equal(
      entryHash(start, { ...entry, matrix: 'standard/1' }),
      sha256(start + canonical.replace('"orderNo"', '"matrix":"standard/1","orderNo"')),
    )
    const heads = [['A-1', 1, 'ab']] as const
    assert.equal(
      sealHash(ledgerStart('main'), { organisation: 'main', number: 1, at: entry.at, heads }),
      sha256(
        `${sha256('{"organisation":"main"}')}{"at":"${entry.at}","heads":[["A-1",1,"ab"]],"number":1,"organisation":"main"}`,
      ),
    )
  })
})

for (const backend of ['PGlite', 'PostgreSQL'] as const) {
  describe(`the chain of a journal on ${backend}`, () => {
    const why = backend === 'PostgreSQL' ? whyNoPostgres() : null
    if (why !== null) {
      it.skip(`[I] skipped: ${why}`)
      return
    }

    let store: AuditedStore
    before(async function () {
      this.timeout(60_000)
      store = await auditedStore(backend)
    })
    after(() => store.close())

    let organisations = 0
    const newOrganisation = () => `chain-${++organisations}`

    it('[I] can be computed again from what the database gives back, whatever an event holds', async () => {
      const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constant('\ud800'), fc.constant('a\0b'))
      const data = fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary' }), { maxKeys: 5 })
      const event = fc.record({ type: text, actor: text, data }, { requiredKeys: ['type', 'actor', 'data'] })
      const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      const events = fc.array(fc.tuple(event, time, fc.option(text)), { minLength: 1, maxLength: 20 })
      await fc.assert(
        fc.asyncProperty(events, async list => {
          const organisation = newOrganisation()
          await store.insertOrder(sampleOrder(organisation, 'A-1'))
          const written = list.map(([more, at, reason], index) =>
            sampleEvent(index + 1, {
              ...more,
              at: at.toISOString(),
              ...(reason === null ? {} : { reason, command: reason }),
            }),
          )
          await store.append({ organisation, orderNo: 'A-1', events: written }, (_state, fresh) =>
            sampleProjection(fresh),
          )
          const { found } = await store.verify({ organisation })
          // What these events mean is nothing that could be folded.
          assert.deepEqual(
            found.filter(({ kind }) => kind !== 'projection'),
            [],
          )
        }),
        { numRuns: 30 },
      )
    })

    it('[I] goes on over appends, and events that come again change nothing', async () => {
      const organisation = newOrganisation()
      await store.insertOrder(sampleOrder(organisation, 'A-1'))
      const append = (...events: number[]) =>
        store.append({ organisation, orderNo: 'A-1', events: events.map(seq => sampleEvent(seq)) }, (_state, fresh) =>
          sampleProjection(fresh),
        )
      await Promise.all([append(1, 2), append(1, 2), append(1)].map(done => done.catch(() => {})))
      await append(1, 2, 3)
      await append(2, 3)
      await store.sealJournals(minutes(1))
      const { found, entries } = await store.verify({ organisation })
      assert.equal(entries, 3)
      assert.deepEqual(
        found.filter(({ kind }) => kind !== 'projection'),
        [],
      )
    })

    it('[I] seals each append once, by whoever comes first, and goes on where it was cut short', async () => {
      const organisation = newOrganisation()
      await store.sealJournals(minutes(0))
      for (const number of [1, 2, 3]) {
        await store.insertOrder(sampleOrder(organisation, `A-${number}`))
        for (const seq of [1, 2]) {
          await store.append({ organisation, orderNo: `A-${number}`, events: [sampleEvent(seq)] }, (_state, fresh) =>
            sampleProjection(fresh),
          )
        }
      }
      const sealed = await Promise.all([1, 2, 3].map(() => store.sealJournals(minutes(1), 4)))
      const rest = await store.sealJournals(minutes(2), 4)
      assert.equal(sealed.reduce((sum, count) => sum + count, rest) + (await store.sealJournals(minutes(3), 4)), 6)
      assert.equal(await store.sealJournals(minutes(4)), 0)
      const { found } = await store.verify({ organisation })
      assert.deepEqual(
        found.filter(({ kind }) => kind !== 'projection'),
        [],
      )
    })

    for (const statement of [
      `update journal set actor = 'x'`,
      `delete from journal`,
      `truncate journal`,
      `update ledger set at = now()`,
      `delete from ledger`,
      `truncate ledger`,
    ]) {
      it(`[I] refuses: ${statement}`, async () => {
        await store.write(newOrganisation(), madeUpJournal('A-1', 3))
        await assert.rejects(
          sql.raw(statement).execute(store.db),
          /the (journal\w*|ledger) is append-only: \w+ refused/,
        )
      })
    }

    it('[I] refuses the same of the part that an entry is in, and to empty any of them', async () => {
      await store.write(newOrganisation(), madeUpJournal('A-1', 3))
      const { rows } = await sql<{
        part: string
      }>`select distinct tableoid::regclass::text as part from journal`.execute(store.db)
      const refused = (statement: string) =>
        assert.rejects(sql.raw(statement).execute(store.db), /the journal\w* is append-only: \w+ refused/, statement)
      assert.ok(rows.every(({ part }) => journalPartitions.includes(part)))
      for (const { part } of rows) await refused(`update ${part} set actor = 'x'`)
      for (const { part } of rows) await refused(`delete from ${part}`)
      for (const part of journalPartitions) await refused(`truncate ${part}`)
    })

    it('[I] is given to a journal that an earlier version wrote, when the schema is brought up to date', async function () {
      this.timeout(60_000)
      const old = await auditedStore(backend, '0010')
      try {
        for (const seed of [1, 2, 3]) await old.write('main', madeUpJournal(`A-${seed}`, seed))
        await old.insertOrder(sampleOrder('main', 'A-4'))
        const hashes = () =>
          sql`select seq, encode(hash, 'hex') as hash from journal order by order_no, seq`.execute(old.db)
        const before = await hashes()
        await sql
          .raw(`drop table ledger, unsealed; alter table orders drop column journal_hash;
          alter table journal drop column prev, drop column hash;
          delete from store_migrations where name like '0008%'`)
          .execute(old.db)

        await old.migrate()
        assert.deepEqual((await hashes()).rows, before.rows)
        assert.deepEqual((await old.verify()).found, [])
        await old.sealJournals(minutes(1))
        assert.deepEqual((await old.verify()).found, [])
        await assert.rejects(sql`update journal set actor = 'x'`.execute(old.db), /append-only/)
      } finally {
        await old.close()
      }
    })
  })
}
