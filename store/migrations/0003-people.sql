-- The people of people.yaml as they were at the last start, and absences that have been set since.
create table people (
  organisation text not null,
  id           text not null,
  document     jsonb not null,
  content_hash text not null,
  version      int not null,
  -- Null: those of the document.
  absences     jsonb,
  absences_by  text,
  absences_at  timestamptz(3),
  loaded_at    timestamptz(3) not null,
  primary key (organisation, id)
);

-- The role whose a task was before its owner claimed it.
alter table tasks add column pool text;
create index tasks_pool on tasks (organisation, pool, due_at, order_no, subject) where pool is not null;
