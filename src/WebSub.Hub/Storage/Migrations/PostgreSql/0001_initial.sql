-- Times are Unix microseconds. A claim (claimed_by, and due as its end) is an attempt in flight; its outcome is saved under the same epoch.
create table {topics} (
  id bigint primary key,
  url text not null unique,
  registered bigint not null default 0,
  head bigint not null default 0,
  content_hash bytea,
  etag text,
  self_url text,
  hubs text,
  last_modified text,
  pings bigint not null default 0,
  due bigint,
  claimed_by text,
  epoch bigint not null default 0,
  failures bigint not null default 0,
  last_error text,
  fetched_at bigint,
  created_at bigint not null
);
create index on {topics} (due) where due is not null;

create table {contents} (
  id bigint generated always as identity primary key,
  content_type text,
  body bytea not null,
  size bigint not null,
  hash bytea not null
);

create table {entries} (
  topic_id bigint not null,
  sequence bigint not null,
  content_id bigint not null,
  diff_id bigint,
  source text not null,
  predicate text,
  published_at bigint not null,
  primary key (topic_id, sequence)
);

create index on {entries} (published_at);

create table {lanes} (
  id bigint generated always as identity primary key,
  topic_id bigint not null,
  number bigint not null,
  size bigint not null default 0,
  cursor bigint not null,
  members_version bigint not null default 0,
  saved_at bigint,
  claimed_by text,
  claimed_until bigint,
  epoch bigint not null default 0,
  unique (topic_id, number)
);

create table {subscriptions} (
  id bigint generated always as identity primary key,
  topic_id bigint not null,
  lane_id bigint not null,
  callback text not null,
  callback_host text not null,
  secret bytea,
  signature_method text,
  content text,
  delivery text,
  full_until bigint not null default 0,
  lease_seconds bigint not null,
  lease_end bigint not null,
  parameters text,
  version bigint not null default 0,
  created_at bigint not null,
  verified_at bigint not null,
  position bigint,
  attempts bigint not null default 0,
  answered bigint not null default 0,
  due bigint,
  retry_at bigint,
  not_before bigint,
  claimed_by text,
  epoch bigint not null default 0,
  last_attempt_at bigint,
  last_status bigint,
  last_error text,
  unique (topic_id, callback)
);
create index on {subscriptions} (lane_id, position);
create index on {subscriptions} (due) where due is not null;
create index on {subscriptions} (lease_end);
create index on {subscriptions} (callback_host);

create table {requests} (
  id bigint generated always as identity primary key,
  pair bytea not null unique,
  mode text not null,
  topic text not null,
  callback text not null,
  secret bytea,
  lease_seconds bigint not null,
  signature_method text,
  content text,
  delivery text,
  initial bigint not null default 0,
  verify_token text,
  verdict text not null default 'Verify',
  reason text,
  parameters text,
  generation bigint not null default 0,
  attempts bigint not null default 0,
  due bigint not null,
  claimed_by text,
  epoch bigint not null default 0,
  last_error text,
  created_at bigint not null
);
create index on {requests} (due);

create table {dead_letters} (
  id bigint generated always as identity primary key,
  topic_id bigint not null,
  subscription_id bigint not null,
  callback text not null,
  first_sequence bigint not null,
  last_sequence bigint not null,
  attempts bigint not null,
  last_status bigint,
  last_error text,
  created_at bigint not null
);
create index on {dead_letters} (topic_id, id);

-- One row per topic with entries that some lane has not had; head is the newest sequence its writer knew.
create table {topic_work} (
  topic_id bigint primary key,
  head bigint not null
);

-- The data key that seals secrets, wrapped by Data Protection; and Data Protection's own key ring, unless the host keeps one elsewhere.
create table {data_key} (
  id bigint primary key,
  wrapped bytea not null
);
create table {key_ring} (
  name text primary key,
  xml text not null
);
