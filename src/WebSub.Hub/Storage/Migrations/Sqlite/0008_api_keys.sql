-- Keys that were created through the API. The key itself is nowhere: hash is its SHA-256. Rows stay, so that a name in the audit log
-- always means the same key.
create table {api_keys} (
  id integer primary key,
  name text not null unique,
  hash blob not null unique,
  scopes text not null,
  created_by text not null,
  created_at integer not null,
  last_used_at integer,
  disabled_by text,
  disabled_at integer
) strict;
