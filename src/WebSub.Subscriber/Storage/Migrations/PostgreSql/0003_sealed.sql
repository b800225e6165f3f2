-- Of several hubs (option AllHubs) each has a subscription of its own; this is the one that they were found by.
alter table {subscriptions} add column parent text;
create index on {subscriptions} (parent) where parent is not null;

-- What seals secrets, and the options that may hold some.
create table {data_key} (
  id bigint primary key,
  wrapped bytea not null
);
create table {key_ring} (
  name text primary key,
  xml text not null
);
