-- What became of dead letters that are not there any more, and what replays delivered, for explanations; old rows go as dead letters do.
create table {past_letters} (
  topic_id integer not null,
  subscription_id integer not null,
  first_sequence integer not null,
  last_sequence integer not null,
  fate text not null,
  at integer not null,
  primary key (topic_id, subscription_id, first_sequence, last_sequence)
) strict, without rowid;
create index {past_letters}_at on {past_letters} (at);

-- What published a topic or an entry, as a traceparent, where somebody listens to traces.
alter table {topics} add column trace text;
alter table {entries} add column trace text;

-- 1 for what a replay gave up: whether the subscription had it before is another matter.
alter table {dead_letters} add column replayed integer not null default 0;
