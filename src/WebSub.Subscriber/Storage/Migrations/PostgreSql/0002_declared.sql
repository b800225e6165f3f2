-- The callback URL that the hub was given, so that a new public URL, prefix or handler name is noticed and the old one can be unsubscribed.
alter table {subscriptions} add column callback_url text;
alter table {subscriptions} add column pending_callback_url text;
-- How the app's code or configuration declared it (the options as JSON); null if it did not.
alter table {subscriptions} add column declared text;
-- 1 if it was ended only because the app stopped: it is asked for again at the next start.
alter table {subscriptions} add column resumes bigint not null default 0;

-- The handler name and the prefix in the callback's path.
alter table {callbacks} add column handler text;
alter table {callbacks} add column prefix text;
update {callbacks} set handler = (select handler from {subscriptions} where id = subscription_id);

-- Which processes share this database: the last one unsubscribes at shutdown.
create table {processes} (
  owner text primary key,
  alive_until bigint not null
);

create index on {inbox} (subscription_id, body_hash, received_at);
