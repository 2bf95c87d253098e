-- A notice is written before it is sent; what is in the inbox alone is sent by being written.
alter table notices
  add column state      text not null default 'sent' check (state in ('waiting', 'sending', 'sent', 'failed')),
  -- Of `waiting`: not before. Of `sending`: whoever sends it has died if it is still that then.
  add column due_at     timestamptz(3),
  -- What is limited in how much it takes at a time: a robot, a mail address.
  add column robot      text,
  -- How it is addressed, and where it goes if this channel is dead.
  add column delivery   jsonb,
  -- Those that went out as one have the same; it is the mail's Message-ID, the event's id.
  add column message    text,
  add column tries      int not null default 0,
  -- How often it was sent anew because nobody knew whether it had gone out.
  add column repeats    int not null default 0,
  add column last_error text,
  add column sent_at    timestamptz(3);
create index notices_outbox on notices (due_at) where state in ('waiting', 'sending');
create index notices_waiting on notices (robot) where state in ('waiting', 'sending');
create index notices_message on notices (message) where message is not null;

-- When each took its last messages. Its lock puts those who send in a line.
create table robots (
  robot        text primary key,
  sent         timestamptz(3)[] not null default '{}',
  -- It has asked to be left alone until then.
  closed_until timestamptz(3)
);
