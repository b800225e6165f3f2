-- The audit log is pruned by age.
create index {actions}_done on {actions} (done_at);

-- Dead letters are listed by the origin of their callback, as scheme, host and unusual port, and by the time at which they were given up.
alter table {dead_letters} add column authority text generated always as (
  lower(substr(callback, 1,
    instr(callback, '//') + instr(replace(substr(callback, instr(callback, '//') + 2), '?', '/') || '/', '/')))
) virtual;
alter table {dead_letters} add column origin text generated always as (
  case
    when substr(authority, 1, 8) = 'https://' and substr(authority, -4) = ':443' then substr(authority, 1, length(authority) - 4)
    when substr(authority, 1, 7) = 'http://' and substr(authority, -3) = ':80' then substr(authority, 1, length(authority) - 3)
    else authority
  end
) virtual;
create index {dead_letters}_origin on {dead_letters} (origin, id);
create index {dead_letters}_time on {dead_letters} (created_at, id);
