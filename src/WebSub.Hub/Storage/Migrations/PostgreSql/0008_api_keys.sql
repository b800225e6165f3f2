-- Keys that were created through the API. The key itself is nowhere: hash is its SHA-256. Rows stay, so that a name in the audit log
-- always means the same key.
create table {api_keys} (
  id bigint generated always as identity primary key,
  name text not null unique,
  hash bytea not null unique,
  scopes text not null,
  created_by text not null,
  created_at bigint not null,
  last_used_at bigint,
  disabled_by text,
  disabled_at bigint
);
