-- Times are Unix microseconds. What apps publish goes to pings, which is only ever inserted to, so that an app's own transaction waits for nobody.
create table {pings} (
  id bigint generated always as identity primary key,
  topic text not null,
  content_type text,
  content bytea,
  trace_parent text,
  published_at bigint not null
);

create table {topics} (
  id bigint generated always as identity primary key,
  topic text not null unique,
  head bigint not null default 0,
  published_at bigint not null
);

-- Content on its way to hubs that take it, numbered as the topic's updates.
create table {contents} (
  topic_id bigint not null,
  number bigint not null,
  content_type text not null,
  body bytea not null,
  primary key (topic_id, number)
);

-- Who sends to a hub holds its claim until claimed_until; what it learns is saved under the same epoch.
create table {hubs} (
  id bigint generated always as identity primary key,
  url text not null unique,
  failures bigint not null default 0,
  not_before bigint not null default 0,
  hold_until bigint not null default 0,
  claimed_by text,
  claimed_until bigint not null default 0,
  epoch bigint not null default 0
);

-- One row per topic and hub: the hub knows of update number told; it is to be told of head when due.
create table {notices} (
  topic_id bigint not null,
  hub_id bigint not null,
  head bigint not null,
  told bigint not null default 0,
  takes_content bigint not null default 0,
  due bigint,
  attempts bigint not null default 0,
  hold_until bigint not null default 0,
  failing_since bigint,
  published_at bigint not null,
  told_at bigint,
  attempted_at bigint,
  last_status bigint,
  last_error text,
  trace_parent text,
  primary key (topic_id, hub_id)
);
create index on {notices} (hub_id, due);
