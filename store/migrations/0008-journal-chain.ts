import { sql } from 'kysely'
import type { Tx } from '../database.ts'
import { entryColumns } from '../journal.ts'
import { chainStart, entryHash, type Hash } from '../journal-chain.ts'
import type { OrderKey } from '../orders.ts'

const before = `
alter table journal add column prev bytea, add column hash bytea;
-- Of its journal's last entry.
alter table orders add column journal_hash bytea;

-- How far the journals of an organisation had come, seal after seal. What is cut off a journal is missed here.
create table ledger (
  organisation text not null,
  number       int not null check (number > 0),
  at           timestamptz(3) not null,
  heads        jsonb not null, -- [[order_no, seq, hash], ...]
  prev         bytea not null,
  hash         bytea not null,
  primary key (organisation, number)
);
-- What has been written since the last seal.
create table unsealed (
  organisation text not null,
  order_no     text not null,
  seq          int not null,
  hash         bytea not null,
  primary key (organisation, order_no, seq)
);

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the % is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end
$$;
create trigger ledger_append_only before update or delete on ledger
  for each row execute function refuse_change();
create trigger ledger_no_truncate before truncate on ledger
  for each statement execute function refuse_change();
alter table journal disable trigger journal_append_only;
`

const after = `
update orders set journal_hash = journal.hash from journal
  where (journal.organisation, journal.order_no, journal.seq) = (orders.organisation, orders.order_no, orders.seq);
insert into unsealed (organisation, order_no, seq, hash)
  select distinct on (organisation, order_no) organisation, order_no, seq, hash from journal
  order by organisation, order_no, seq desc;
alter table journal alter column prev set not null, alter column hash set not null;
alter table journal enable trigger journal_append_only;
`

const pageSize = 2_000

/** Every entry carries the hash of the one before and its own; those that are there already get theirs now. */
export async function up(tx: Tx): Promise<void> {
  await sql.raw(before).execute(tx)
  let last = { organisation: '', orderNo: '', seq: 0, hash: '' }
  for (;;) {
    const entries = await tx
      .selectFrom('journal')
      .select(entryColumns)
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('organisation', 'orderNo', 'seq'), '>', tuple(last.organisation, last.orderNo, last.seq)),
      )
      .orderBy('organisation')
      .orderBy('orderNo')
      .orderBy('seq')
      .limit(pageSize)
      .execute()
    const links = entries.map(entry => {
      const prev = sameOrder(entry, last) ? last.hash : chainStart(entry)
      const { organisation, orderNo, seq } = entry
      last = { organisation, orderNo, seq, hash: entryHash(prev, entry) }
      return { ...last, prev }
    })
    if (links.length === 0) break
    await writeLinks(tx, links)
  }
  await sql.raw(after).execute(tx)
}

function sameOrder(a: OrderKey, b: OrderKey): boolean {
  return a.organisation === b.organisation && a.orderNo === b.orderNo
}

type Link = OrderKey & { readonly seq: number; readonly prev: Hash; readonly hash: Hash }

async function writeLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  const column = <K extends keyof Link>(name: K): Link[K][] => links.map(link => link[name])
  await sql`
    update journal set prev = decode(link.prev, 'hex'), hash = decode(link.hash, 'hex')
    from unnest(${column('organisation')}::text[], ${column('orderNo')}::text[], ${column('seq')}::int[],
      ${column('prev')}::text[], ${column('hash')}::text[]) as link (organisation, order_no, seq, prev, hash)
    where (journal.organisation, journal.order_no, journal.seq) = (link.organisation, link.order_no, link.seq)
  `.execute(tx)
}
