-- The messages of the predicate API, each under its reference. The content has no status: that changes, the message does not.
create table {messages} (
  reference text not null primary key,
  content blob not null,
  status text not null,
  created_at integer not null,
  changed_at integer not null
) strict;
create index {messages}_age on {messages} (changed_at);
