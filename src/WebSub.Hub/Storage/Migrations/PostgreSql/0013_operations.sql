-- What became of dead letters that are not there any more, and what replays delivered, for explanations; old rows go as dead letters do.
create table {past_letters} (
  topic_id bigint not null,
  subscription_id bigint not null,
  first_sequence bigint not null,
  last_sequence bigint not null,
  fate text not null,
  at bigint not null,
  primary key (topic_id, subscription_id, first_sequence, last_sequence)
);
create index on {past_letters} (at);

-- What published a topic or an entry, as a traceparent, where somebody listens to traces.
alter table {topics} add column trace text;
alter table {entries} add column trace text;

-- The processes that share the database. Which of them live is told by their locks.
create table {nodes} (
  name text not null primary key,
  started_at bigint not null,
  version text not null,
  roles text not null
);

-- 1 for what a replay gave up: whether the subscription had it before is another matter.
alter table {dead_letters} add column replayed bigint not null default 0;
