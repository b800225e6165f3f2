-- Times are Unix microseconds. A claim (claimed_by, and due as its end) is an attempt in flight; its outcome is saved under the same epoch.
create table {topics} (
  id integer primary key,
  url text not null unique,
  registered integer not null default 0,
  head integer not null default 0,
  content_hash blob,
  etag text,
  self_url text,
  hubs text,
  last_modified text,
  pings integer not null default 0,
  due integer,
  claimed_by text,
  epoch integer not null default 0,
  failures integer not null default 0,
  last_error text,
  fetched_at integer,
  created_at integer not null
) strict;
create index {topics}_due on {topics} (due) where due is not null;

create table {contents} (
  id integer primary key,
  content_type text,
  body blob not null,
  size integer not null,
  hash blob not null
) strict;

create table {entries} (
  topic_id integer not null,
  sequence integer not null,
  content_id integer not null,
  diff_id integer,
  source text not null,
  predicate text,
  published_at integer not null,
  primary key (topic_id, sequence)
) strict, without rowid;

create index {entries}_age on {entries} (published_at);

create table {lanes} (
  id integer primary key,
  topic_id integer not null,
  number integer not null,
  size integer not null default 0,
  cursor integer not null,
  members_version integer not null default 0,
  saved_at integer,
  claimed_by text,
  claimed_until integer,
  epoch integer not null default 0,
  unique (topic_id, number)
) strict;

create table {subscriptions} (
  id integer primary key,
  topic_id integer not null,
  lane_id integer not null,
  callback text not null,
  callback_host text not null,
  secret blob,
  signature_method text,
  content text,
  delivery text,
  full_until integer not null default 0,
  lease_seconds integer not null,
  lease_end integer not null,
  parameters text,
  version integer not null default 0,
  created_at integer not null,
  verified_at integer not null,
  position integer,
  attempts integer not null default 0,
  answered integer not null default 0,
  due integer,
  retry_at integer,
  not_before integer,
  claimed_by text,
  epoch integer not null default 0,
  last_attempt_at integer,
  last_status integer,
  last_error text,
  unique (topic_id, callback)
) strict;
create index {subscriptions}_lane on {subscriptions} (lane_id, position);
create index {subscriptions}_due on {subscriptions} (due) where due is not null;
create index {subscriptions}_lease on {subscriptions} (lease_end);
create index {subscriptions}_host on {subscriptions} (callback_host);

create table {requests} (
  id integer primary key,
  pair blob not null unique,
  mode text not null,
  topic text not null,
  callback text not null,
  secret blob,
  lease_seconds integer not null,
  signature_method text,
  content text,
  delivery text,
  initial integer not null default 0,
  verify_token text,
  verdict text not null default 'Verify',
  reason text,
  parameters text,
  generation integer not null default 0,
  attempts integer not null default 0,
  due integer not null,
  claimed_by text,
  epoch integer not null default 0,
  last_error text,
  created_at integer not null
) strict;
create index {requests}_due on {requests} (due);

create table {dead_letters} (
  id integer primary key,
  topic_id integer not null,
  subscription_id integer not null,
  callback text not null,
  first_sequence integer not null,
  last_sequence integer not null,
  attempts integer not null,
  last_status integer,
  last_error text,
  created_at integer not null
) strict;
create index {dead_letters}_topic on {dead_letters} (topic_id, id);

-- The data key that seals secrets, wrapped by Data Protection; and Data Protection's own key ring, unless the host keeps one elsewhere.
create table {data_key} (
  id integer primary key,
  wrapped blob not null
) strict;
create table {key_ring} (
  name text primary key,
  xml text not null
) strict;
