-- Times have milliseconds, as their ISO strings do: a cursor made of one must find its row again.

create table orders (
  organisation    text not null,
  order_no        text not null,
  content_hash    text not null,
  content         jsonb not null,
  process_id      text not null,
  process_version int not null,
  start_input     jsonb not null,
  placed_by       text not null,
  customer_id     text,
  skus            text[] not null,
  created_at      timestamptz(3) not null,
  started_at      timestamptz(3),
  -- The projection of the journal; seq 0 means that nothing has been projected yet.
  status          text not null default 'received',
  state           jsonb,
  view            jsonb,
  seq             int not null default 0,
  as_of           timestamptz(3),
  steps           text[] not null default '{}',
  owners          text[] not null default '{}',
  due_at          timestamptz(3),
  exceptions      text[] not null default '{}',
  closed_at       timestamptz(3),
  primary key (organisation, order_no)
);
create index orders_newest on orders (organisation, created_at desc, order_no);
create index orders_status on orders (organisation, status, created_at desc, order_no);
create index orders_customer on orders (organisation, customer_id, created_at desc, order_no);
create index orders_steps on orders using gin (steps);
create index orders_owners on orders using gin (owners);
create index orders_skus on orders using gin (skus);
create index orders_open on orders (organisation, created_at, order_no) where closed_at is null;
create index orders_due on orders (due_at) where closed_at is null;
create index orders_unstarted on orders (created_at) where started_at is null;

create table journal (
  organisation text not null,
  order_no     text not null,
  seq          int not null check (seq > 0),
  at           timestamptz(3) not null,
  type         text not null,
  actor        text not null,
  reason       text,
  command      text,
  data         jsonb not null,
  primary key (organisation, order_no, seq),
  foreign key (organisation, order_no) references orders
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$$;
create trigger journal_append_only before update or delete on journal
  for each row execute function refuse_change();
create trigger journal_no_truncate before truncate on journal
  for each statement execute function refuse_change();

create table tasks (
  organisation text not null,
  order_no     text not null,
  subject      text not null,
  kind         text not null,
  step         text,
  owner        text not null,
  status       text not null,
  entered_at   timestamptz(3) not null,
  due_at       timestamptz(3),
  title        jsonb not null,
  primary key (organisation, order_no, subject)
);
create index tasks_owner on tasks (organisation, owner, due_at, order_no, subject);

create table facts (
  organisation text not null,
  source       text not null,
  id           text not null,
  order_no     text not null,
  type         text not null,
  claimed_at   timestamptz(3) not null,
  data         jsonb not null,
  state        text not null,
  received_at  timestamptz(3) not null,
  primary key (organisation, source, id)
);
create index facts_parked on facts (organisation, order_no, received_at) where state = 'parked';

create table attempts (
  organisation text not null,
  id           text not null,
  order_no     text not null,
  at           timestamptz(3) not null,
  actor        text not null,
  command      text not null,
  code         text not null,
  message      text not null,
  primary key (organisation, id)
);
create index attempts_order on attempts (organisation, order_no, at desc);

create table idempotency_keys (
  organisation    text not null,
  actor           text not null,
  key             text not null,
  request_hash    text not null,
  state           text not null,
  response_status int,
  -- json, not jsonb: a replayed answer reads as the first one did, its keys in the same order.
  response_body   json,
  created_at      timestamptz(3) not null,
  primary key (organisation, actor, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

create table definitions (
  organisation text not null,
  process_id   text not null,
  version      int not null,
  document     jsonb not null,
  state        text not null,
  published_at timestamptz(3),
  primary key (organisation, process_id, version)
);
create unique index definitions_one_live on definitions (organisation, process_id) where state = 'live';

create table exceptions (
  organisation text not null,
  id           text not null,
  order_no     text,
  kind         text not null,
  severity     text not null,
  step         text,
  owner        text not null,
  status       text not null,
  evidence     jsonb not null,
  opened_at    timestamptz(3) not null,
  count        int not null,
  outcome      text,
  note         text,
  resolved_at  timestamptz(3),
  primary key (organisation, id)
);
create index exceptions_newest on exceptions (organisation, opened_at desc, id);
create index exceptions_order on exceptions (organisation, order_no);

create table notices (
  organisation text not null,
  id           text not null,
  order_no     text,
  person       text not null,
  channel      text not null,
  subject      jsonb not null,
  at           timestamptz(3) not null,
  primary key (organisation, id, person, channel)
);
create index notices_inbox on notices (organisation, person, at desc, id);
