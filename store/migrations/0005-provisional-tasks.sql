-- A deadline past the days that the calendar knows may still move.
alter table tasks add column provisional boolean not null default false;
