-- Every version of every permission matrix; the highest is today's.
create table matrices (
  organisation text not null,
  matrix       text not null,
  version      int not null check (version > 0),
  document     jsonb not null,
  published_at timestamptz(3) not null,
  published_by text not null,
  primary key (organisation, matrix, version)
);

-- Of the first consequence of a command: by which matrix it was judged.
alter table journal add column matrix text;
