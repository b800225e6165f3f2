-- What became of dead letters that are not there any more, for explanations; rows of old ones go as dead letters do.
create table {past_letters} (
  topic_id integer not null,
  subscription_id integer not null,
  first_sequence integer not null,
  last_sequence integer not null,
  fate text not null,
  at integer not null,
  primary key (topic_id, subscription_id, first_sequence)
) strict, without rowid;
create index {past_letters}_at on {past_letters} (at);

-- What published a topic or an entry, as a traceparent, where somebody listens to traces.
alter table {topics} add column trace text;
alter table {entries} add column trace text;
