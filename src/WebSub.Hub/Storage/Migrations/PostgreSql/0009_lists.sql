-- The audit log is pruned by age.
create index on {actions} (done_at);

-- Dead letters are listed by the origin of their callback, as scheme, host and unusual port, and by the time at which they were given up.
alter table {dead_letters} add column origin text generated always as (
  regexp_replace(lower(substring(callback from '^[^/]*//[^/?]*')), '^(https://.*):443$|^(http://.*):80$', '\1\2')
) stored;
create index on {dead_letters} (origin, id);
create index on {dead_letters} (created_at, id);
