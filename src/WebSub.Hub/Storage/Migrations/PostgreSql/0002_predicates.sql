-- Predicates: the callbacks of up to 1,000 subscribers share a topic of their own, whose log gets the messages that one of their patterns covers.
-- Of such a topic, `patterns` counts the patterns that were added; an entry remembers the count, so that a run never judges it with fewer.
alter table {topics} add column filtered bigint not null default 0;
alter table {topics} add column patterns bigint not null default 0;
create index on {topics} (id) where filtered = 1;

alter table {entries} add column reference text;
alter table {entries} add column patterns bigint not null default 0;
create index on {entries} (content_id) where predicate is not null;

alter table {requests} add column pattern text;

-- The row that orders new patterns and messages: whoever adds a pattern locks it, whoever appends messages shares it.
create table {pattern_version} (
  id bigint primary key,
  version bigint not null
);
insert into {pattern_version} (id, version) values (1, 0);

create table {patterns} (
  id bigint generated always as identity primary key,
  callback text not null,
  pattern text not null,
  topic text not null,
  topic_id bigint not null,
  subscription_id bigint not null references {subscriptions} (id) on delete cascade,
  secret bytea,
  lease_seconds bigint not null,
  lease_end bigint not null,
  after_sequence bigint not null,
  version bigint not null,
  created_at bigint not null,
  unique (callback, pattern)
);
create index on {patterns} (subscription_id);
create index on {patterns} (version);
create index on {patterns} (lease_end);
