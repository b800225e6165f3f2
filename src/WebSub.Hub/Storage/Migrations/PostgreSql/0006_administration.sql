-- What an operator has asked for: the wish while it is not carried out, the audit log from then on.
create table {actions} (
  id bigint generated always as identity primary key,
  kind text not null,
  target text not null,
  topic_id bigint,
  callback text,
  first bigint,
  last bigint,
  origin text,
  created_from bigint,
  created_to bigint,
  reason text,
  requested_by text not null,
  requested_at bigint not null,
  progress bigint not null default 0,
  bound bigint not null default 0,
  affected bigint not null default 0,
  done_at bigint,
  result text
);
create index on {actions} (id) where done_at is null;

-- Paused topics (flag 2) and origins (flag 4), for subscriptions that are yet to come.
create table {pauses} (
  flag bigint not null,
  target text not null,
  until bigint not null,
  requested_by text not null,
  created_at bigint not null,
  primary key (flag, target)
);

-- The sum of the flags of the pauses that hold a subscription back: 1 its own, 2 its topic's, 4 its origin's.
alter table {subscriptions} add column paused bigint not null default 0;
create index on {subscriptions} (id) where paused <> 0;
create index on {subscriptions} (topic_id, id);

-- Entries to be sent once more, in order, outside the lanes.
create table {replays} (
  id bigint generated always as identity primary key,
  action_id bigint not null,
  topic_id bigint not null,
  callback text not null,
  dead_letter_id bigint unique,
  next bigint not null,
  last bigint not null,
  attempts bigint not null default 0,
  due bigint not null,
  claimed_by text,
  epoch bigint not null default 0,
  last_status bigint,
  last_error text
);
create index on {replays} (due);
create index on {replays} (action_id);
