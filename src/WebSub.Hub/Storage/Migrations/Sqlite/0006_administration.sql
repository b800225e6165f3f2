-- What an operator has asked for: the wish while it is not carried out, the audit log from then on.
create table {actions} (
  id integer primary key,
  kind text not null,
  target text not null,
  topic_id integer,
  callback text,
  first integer,
  last integer,
  origin text,
  created_from integer,
  created_to integer,
  reason text,
  requested_by text not null,
  requested_at integer not null,
  progress integer not null default 0,
  bound integer not null default 0,
  affected integer not null default 0,
  done_at integer,
  result text
) strict;
create index {actions}_waiting on {actions} (id) where done_at is null;

-- Paused topics (flag 2) and origins (flag 4), for subscriptions that are yet to come.
create table {pauses} (
  flag integer not null,
  target text not null,
  until integer not null,
  requested_by text not null,
  created_at integer not null,
  primary key (flag, target)
) strict, without rowid;

-- The sum of the flags of the pauses that hold a subscription back: 1 its own, 2 its topic's, 4 its origin's.
alter table {subscriptions} add column paused integer not null default 0;
create index {subscriptions}_paused on {subscriptions} (id) where paused <> 0;
create index {subscriptions}_topic on {subscriptions} (topic_id, id);

-- Entries to be sent once more, in order, outside the lanes.
create table {replays} (
  id integer primary key,
  action_id integer not null,
  topic_id integer not null,
  callback text not null,
  dead_letter_id integer unique,
  next integer not null,
  last integer not null,
  attempts integer not null default 0,
  due integer not null,
  claimed_by text,
  epoch integer not null default 0,
  last_status integer,
  last_error text
) strict;
create index {replays}_due on {replays} (due);
create index {replays}_action on {replays} (action_id);
