-- What is known of a hub by its deliveries: the usual pause between them in microseconds (a moving average), since when it is taken for
-- silent and why, how many updates were found by asking the topic itself, the hub that was left because of it, and the last number of its
-- numbered delivery ids with the hole before it.
alter table {subscriptions} add column usual_pause bigint;
alter table {subscriptions} add column silent_since bigint;
alter table {subscriptions} add column silence text;
alter table {subscriptions} add column missed bigint not null default 0;
alter table {subscriptions} add column avoided_hub text;
alter table {subscriptions} add column series text;
alter table {subscriptions} add column last_number bigint;
alter table {subscriptions} add column gap_after bigint;
alter table {subscriptions} add column gap_before bigint;
create index on {subscriptions} (id) where gap_after is not null;
create index on {subscriptions} (id) where silent_since is not null;

-- Topics that are asked whether they have changed, to learn what their hubs do not tell.
create table {polls} (
  subscription_id text not null primary key,
  due bigint not null,
  pause bigint not null,
  etag text,
  last_modified text,
  body_hash text,
  checked_at bigint,
  found_at bigint
);
create index on {polls} (due);

-- Where a notification comes from: the hub's delivery, a poll of the topic, the hub's history, or the fetch after a verification.
alter table {inbox} add column source text not null default 'Hub';
