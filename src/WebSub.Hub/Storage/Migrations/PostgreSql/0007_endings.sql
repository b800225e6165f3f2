-- How a subscription, or a request for one, last ended: one row for each pair of topic and callback, for explanations.
create table {endings} (
  pair text not null primary key,
  kind text not null,
  reason text,
  at bigint not null
);
create index on {endings} (at);
