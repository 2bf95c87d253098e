-- The same command for many orders: who asked for what, and what became of each order.
create table bulks (
  organisation text not null,
  id           text not null,
  request_hash text not null,
  actor        text not null,
  -- Null: those that the directory gives them.
  roles        text[],
  service      boolean not null,
  command      jsonb not null,
  -- What its orders were chosen by; null: they were named.
  filter       jsonb,
  dry_run      boolean not null,
  per_second   double precision not null check (per_second > 0),
  size         int not null,
  state        text not null default 'running' check (state in ('running', 'cancelling', 'cancelled', 'done')),
  created_at   timestamptz(3) not null,
  -- When its workflow last took something in hand; null: it has not been seen to run.
  touched_at   timestamptz(3),
  cancelled_by text,
  cancelled_at timestamptz(3),
  finished_at  timestamptz(3),
  primary key (organisation, id)
);
create index bulks_newest on bulks (organisation, created_at desc, id);
create index bulks_open on bulks (created_at) where finished_at is null;

-- Kept from the start: a filter that matches other orders later acts on none of them.
create table bulk_orders (
  organisation text not null,
  bulk         text not null,
  position     int not null,
  order_no     text not null,
  -- In how many slices it has been asked, and has not answered.
  tries        int not null default 0,
  -- Null: it is left.
  outcome      text,
  code         text,
  result       jsonb,
  at           timestamptz(3),
  primary key (organisation, bulk, position),
  unique (organisation, bulk, order_no),
  foreign key (organisation, bulk) references bulks
);
create index bulk_orders_left on bulk_orders (organisation, bulk, tries, position) where outcome is null;
