-- Times are Unix microseconds. What apps publish goes to pings, which is only ever inserted to, so that an app's own transaction waits for nobody.
create table {pings} (
  id integer primary key,
  topic text not null,
  content_type text,
  content blob,
  trace_parent text,
  published_at integer not null
) strict;

create table {topics} (
  id integer primary key,
  topic text not null unique,
  head integer not null default 0,
  published_at integer not null
) strict;

-- Content on its way to hubs that take it, numbered as the topic's updates.
create table {contents} (
  topic_id integer not null,
  number integer not null,
  content_type text not null,
  body blob not null,
  primary key (topic_id, number)
) strict;

-- Who sends to a hub holds its claim until claimed_until; what it learns is saved under the same epoch.
create table {hubs} (
  id integer primary key,
  url text not null unique,
  failures integer not null default 0,
  not_before integer not null default 0,
  hold_until integer not null default 0,
  claimed_by text,
  claimed_until integer not null default 0,
  epoch integer not null default 0
) strict;

-- One row per topic and hub: the hub knows of update number told; it is to be told of head when due.
create table {notices} (
  topic_id integer not null,
  hub_id integer not null,
  head integer not null,
  told integer not null default 0,
  takes_content integer not null default 0,
  due integer,
  attempts integer not null default 0,
  hold_until integer not null default 0,
  failing_since integer,
  published_at integer not null,
  told_at integer,
  attempted_at integer,
  last_status integer,
  last_error text,
  trace_parent text,
  primary key (topic_id, hub_id)
) strict, without rowid;
create index {notices}_due on {notices} (hub_id, due);
