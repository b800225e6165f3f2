-- Since when a subscription is behind, how many of its attempts have failed since, and its last failures: a JSON array of
-- [sequence, time, milliseconds, status, error], the newest last. Written with what is written of a failure anyway.
alter table {subscriptions} add column behind_since integer;
alter table {subscriptions} add column failed_attempts integer not null default 0;
alter table {subscriptions} add column failures text;

-- What the publisher answered to the last fetch that succeeded.
alter table {topics} add column fetch_status integer;
