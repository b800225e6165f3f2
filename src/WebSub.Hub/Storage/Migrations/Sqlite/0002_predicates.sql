-- Predicates: the callbacks of up to 1,000 subscribers share a topic of their own, whose log gets the messages that one of their patterns covers.
-- Of such a topic, `patterns` counts the patterns that were added; an entry remembers the count, so that a run never judges it with fewer.
alter table {topics} add column filtered integer not null default 0;
alter table {topics} add column patterns integer not null default 0;
create index {topics}_filtered on {topics} (id) where filtered = 1;

alter table {entries} add column reference text;
alter table {entries} add column patterns integer not null default 0;
create index {entries}_shared on {entries} (content_id) where predicate is not null;

alter table {requests} add column pattern text;

-- The row that orders new patterns and messages: whoever adds a pattern locks it, whoever appends messages shares it.
create table {pattern_version} (
  id integer primary key,
  version integer not null
) strict;
insert into {pattern_version} (id, version) values (1, 0);

create table {patterns} (
  id integer primary key,
  callback text not null,
  pattern text not null,
  topic text not null,
  topic_id integer not null,
  subscription_id integer not null references {subscriptions} (id) on delete cascade,
  secret blob,
  lease_seconds integer not null,
  lease_end integer not null,
  after_sequence integer not null,
  version integer not null,
  created_at integer not null,
  unique (callback, pattern)
) strict;
create index {patterns}_subscription on {patterns} (subscription_id);
create index {patterns}_version on {patterns} (version);
create index {patterns}_lease on {patterns} (lease_end);
