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
  created_at bigint not null,
  changed_at bigint not null,
  received bigint not null default 0,
  received_at bigint,
  version bigint not null,
  -- What a hub has confirmed; ended_at is set once it is no longer in force.
  hub text,
  topic text,
  secret text,
  callback_key text,
  confirmed_at bigint,
  lease_end bigint,
  renew_at bigint,
  ended_at bigint,
  -- The one request that is under way.
  pending_id text,
  pending_mode text,
  pending_state text,
  pending_hub text,
  pending_topic text,
  pending_callback_key text,
  pending_secret text,
  pending_lease_seconds bigint,
  pending_connect_attempts bigint not null default 0,
  pending_hub_error_attempts bigint not null default 0,
  pending_verify_attempts bigint not null default 0,
  pending_due bigint,
  pending_sent_at bigint,
  -- When the clock must look at the row, and which process is looking.
  due bigint,
  claimed_by text,
  claimed_until bigint
);
create unique index on {subscriptions} (handler, target_key);
create index on {subscriptions} (due) where due is not null;

-- Every callback key that was ever sent to a hub: one that is not in use any more answers 410, an unknown one 404.
create table {callbacks} (
  callback_key text primary key,
  subscription_id text not null references {subscriptions} (id) on delete cascade
);
create index on {callbacks} (subscription_id);

-- Of one subscription only the oldest waiting row has a due time: that keeps the order.
create table {inbox} (
  id bigint generated always as identity primary key,
  subscription_id text not null references {subscriptions} (id) on delete cascade,
  topic text not null,
  delivery_id text,
  replay text not null,
  body_hash text not null,
  headers text not null,
  content_type text,
  body bytea not null,
  received_at bigint not null,
  state text not null,
  attempts bigint not null default 0,
  due bigint,
  finished_at bigint,
  last_error text,
  claimed_by text,
  claimed_until bigint
);
create unique index on {inbox} (subscription_id, delivery_id, replay, body_hash) where delivery_id is not null;
create index on {inbox} (due) where due is not null;
create index on {inbox} (subscription_id, id) where state = 'Waiting';
create index on {inbox} (finished_at) where state = 'Done';
