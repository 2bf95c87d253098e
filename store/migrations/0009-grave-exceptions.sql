-- What /readyz and the watchdog look for, over all organisations.
create index exceptions_grave on exceptions (kind, opened_at) where status <> 'resolved' and kind in ('dead', 'undelivered');
