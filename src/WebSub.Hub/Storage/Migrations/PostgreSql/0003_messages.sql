-- The messages of the predicate API, each under its reference. The content has no status: that changes, the message does not.
create table {messages} (
  reference text not null primary key,
  content bytea not null,
  status text not null,
  created_at bigint not null,
  changed_at bigint not null
);
create index on {messages} (changed_at);
