-- Times are Unix microseconds. States are the names of the enums.
create table {subscriptions} (
  id text primary key,
  handler text not null,
  target_key text not null,
  resource text,
  wanted_topic text,
  wanted_hub text,
  options text not null,
  state text not null,
  reason text,
  created_at integer not null,
  changed_at integer not null,
  received integer not null default 0,
  received_at integer,
  version integer not null,
  -- What a hub has confirmed; ended_at is set once it is no longer in force.
  hub text,
  topic text,
  secret text,
  callback_key text,
  confirmed_at integer,
  lease_end integer,
  renew_at integer,
  ended_at integer,
  -- The one request that is under way.
  pending_id text,
  pending_mode text,
  pending_state text,
  pending_hub text,
  pending_topic text,
  pending_callback_key text,
  pending_secret text,
  pending_lease_seconds integer,
  pending_connect_attempts integer not null default 0,
  pending_hub_error_attempts integer not null default 0,
  pending_verify_attempts integer not null default 0,
  pending_due integer,
  pending_sent_at integer,
  -- When the clock must look at the row, and which process is looking.
  due integer,
  claimed_by text,
  claimed_until integer
);
create unique index {subscriptions}_target on {subscriptions} (handler, target_key);
create index {subscriptions}_due on {subscriptions} (due) where due is not null;

-- Every callback key that was ever sent to a hub: one that is not in use any more answers 410, an unknown one 404.
create table {callbacks} (
  callback_key text primary key,
  subscription_id text not null references {subscriptions} (id) on delete cascade
);
create index {callbacks}_subscription on {callbacks} (subscription_id);

-- Of one subscription only the oldest waiting row has a due time: that keeps the order.
create table {inbox} (
  id integer primary key autoincrement,
  subscription_id text not null references {subscriptions} (id) on delete cascade,
  topic text not null,
  delivery_id text,
  replay text not null,
  body_hash text not null,
  headers text not null,
  content_type text,
  body blob not null,
  received_at integer not null,
  state text not null,
  attempts integer not null default 0,
  due integer,
  finished_at integer,
  last_error text,
  claimed_by text,
  claimed_until integer
);
create unique index {inbox}_delivery on {inbox} (subscription_id, delivery_id, replay, body_hash) where delivery_id is not null;
create index {inbox}_due on {inbox} (due) where due is not null;
create index {inbox}_waiting on {inbox} (subscription_id, id) where state = 'Waiting';
create index {inbox}_finished on {inbox} (finished_at) where state = 'Done';
