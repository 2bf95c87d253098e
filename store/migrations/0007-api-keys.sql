-- Only the hash of a key is kept. Revoked and expired ones stay, to be told apart from keys that never were.
create table api_keys (
  id           text primary key,
  hash         text not null unique,
  organisation text not null,
  actor        text not null,
  kind         text not null check (kind in ('person', 'service')),
  -- Of a service; a person's are those of the directory.
  roles        text[] not null,
  note         text,
  created_at   timestamptz(3) not null,
  created_by   text not null,
  expires_at   timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3),
  revoked_by   text
);
create index api_keys_newest on api_keys (organisation, created_at desc, id);
