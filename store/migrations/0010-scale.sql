-- The journal in partitions by order (docs/adr/0024-a-million-orders.md): all of an order's entries are in one of them.

alter table journal rename to journal_before;
alter table journal_before rename constraint journal_pkey to journal_before_pkey;
create table journal (like journal_before including defaults including constraints)
  partition by hash (organisation, order_no);
do $$
begin
  for part in 0..15 loop
    execute format('create table journal_%s partition of journal for values with (modulus 16, remainder %s)', part, part);
  end loop;
end
$$;
insert into journal select * from journal_before;
drop table journal_before;
-- With the rows in place each index is built once, and the reference looked at once.
alter table journal add primary key (organisation, order_no, seq);
alter table journal add foreign key (organisation, order_no) references orders;

create trigger journal_append_only before update or delete on journal
  for each row execute function refuse_change();
create trigger journal_no_truncate before truncate on journal
  for each statement execute function refuse_change();
-- What is refused of the whole must be refused of each part, too.
do $$
begin
  for part in 0..15 loop
    execute format('create trigger journal_no_truncate before truncate on journal_%s
      for each statement execute function refuse_change()', part);
  end loop;
end
$$;

-- What is asked of open orders is found among these alone. Closed ones have neither steps nor owners.
drop index orders_open;
create index orders_open on orders (organisation, created_at desc, order_no) include (status, due_at, steps, owners)
  where closed_at is null;
drop index orders_steps;
create index orders_steps on orders using gin (steps) where closed_at is null;
drop index orders_owners;
create index orders_owners on orders using gin (owners) where closed_at is null;

-- A deadline of it may still move, as its calendar does not go so far. What is shown says so, too, but in the depth of it.
alter table orders add column provisional boolean not null default false;
update orders set provisional = true
  where closed_at is null and jsonb_path_exists(view, '$.*[*].nextRung.provisional');
create index orders_provisional on orders (organisation, created_at desc, order_no) where closed_at is null and provisional;

create index orders_process on orders (organisation, process_id, created_at desc, order_no);

-- Who looks for a sku wants the newest orders first; no index of the list itself gives that.
drop index orders_skus;
create table order_skus (
  organisation text not null,
  sku          text not null,
  created_at   timestamptz(3) not null,
  order_no     text not null
);
insert into order_skus
  select distinct organisation, sku, created_at, order_no from orders cross join lateral unnest(skus) as sku;
create unique index order_skus_newest on order_skus (organisation, sku, created_at desc, order_no);

create function keep_order_skus() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from order_skus where organisation = old.organisation and sku = any (old.skus)
      and created_at = old.created_at and order_no = old.order_no;
  end if;
  if tg_op <> 'DELETE' then
    insert into order_skus
      select distinct new.organisation, sku, new.created_at, new.order_no from unnest(new.skus) as sku;
  end if;
  return null;
end
$$;
create trigger order_skus_when_inserted after insert on orders
  for each row execute function keep_order_skus();
create trigger order_skus_when_updated after update on orders
  for each row when ((old.skus, old.created_at) is distinct from (new.skus, new.created_at))
  execute function keep_order_skus();
create trigger order_skus_when_deleted after delete on orders
  for each row execute function keep_order_skus();

create index exceptions_open on exceptions (organisation, opened_at desc, id) include (kind, status)
  where status <> 'resolved';
create index exceptions_kind on exceptions (organisation, kind, opened_at desc, id);
create index exceptions_owner on exceptions (organisation, owner, opened_at desc, id);

-- How many orders are closed, by status: a row for each that was, and what the sweep has added up. Nobody waits for
-- anybody as they would for one counter, and the sum is exact at any time.
create table closed_orders (
  organisation text not null,
  status       text not null,
  count        bigint not null
);
insert into closed_orders
  select organisation, status, count(*) from orders where closed_at is not null group by organisation, status;

create function count_closed_orders() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.closed_at is not null then
    insert into closed_orders values (old.organisation, old.status, -1);
  end if;
  if tg_op <> 'DELETE' and new.closed_at is not null then
    insert into closed_orders values (new.organisation, new.status, 1);
  end if;
  return null;
end
$$;
create trigger orders_closed_when_inserted after insert on orders
  for each row when (new.closed_at is not null) execute function count_closed_orders();
create trigger orders_closed_when_updated after update on orders
  for each row when ((old.closed_at is null, old.status) is distinct from (new.closed_at is null, new.status)
    and (old.closed_at is not null or new.closed_at is not null))
  execute function count_closed_orders();
create trigger orders_closed_when_deleted after delete on orders
  for each row when (old.closed_at is not null) execute function count_closed_orders();
