-- The life of an exception: who acknowledged and resolved it, how far its ladder has climbed, and its history.

alter table exceptions
  add column last_seen_at    timestamptz(3),
  add column acknowledged_by text,
  add column acknowledged_at timestamptz(3),
  add column resolved_by     text,
  -- Goes up each time that its ladder begins anew or ends: part of the id of its notices.
  add column climb           int not null default 1,
  add column climbs_since    timestamptz(3),
  add column clock           jsonb,
  -- When the clock has to look at it next; null, and it is not resolved: now.
  add column due_at          timestamptz(3);
update exceptions set last_seen_at = opened_at, climbs_since = opened_at;
alter table exceptions alter column last_seen_at set not null, alter column climbs_since set not null;
create index exceptions_due on exceptions (organisation, due_at nulls first) where status <> 'resolved';

create table exception_history (
  organisation text not null,
  exception    text not null,
  seq          int not null check (seq > 0),
  at           timestamptz(3) not null,
  type         text not null,
  actor        text not null,
  note         text,
  data         jsonb not null,
  primary key (organisation, exception, seq),
  foreign key (organisation, exception) references exceptions
);

create function refuse_exception_history_change() returns trigger language plpgsql as $$
begin
  raise exception 'the history of exceptions is append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$$;
create trigger exception_history_append_only before update or delete on exception_history
  for each row execute function refuse_exception_history_change();
create trigger exception_history_no_truncate before truncate on exception_history
  for each statement execute function refuse_exception_history_change();

-- The exception that tells of a parked fact: each fact is counted once.
alter table facts add column exception text;
create index facts_untold on facts (received_at) where state = 'parked' and exception is null;
