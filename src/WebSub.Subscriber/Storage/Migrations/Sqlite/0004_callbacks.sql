-- Confirmed parts whose callback has been replaced and is still answered: JSON, sealed because it has their secrets; null if none.
alter table {subscriptions} add column replaced text;
-- The path at which a callback URL of the subscription's own is answered; null for those below a prefix.
alter table {callbacks} add column path text;
create index {callbacks}_path on {callbacks} (path) where path is not null;

-- Callbacks of subscriptions that were deleted: their hubs are answered 410.
create table {deleted_callbacks} (
  callback_key text primary key,
  deleted_at integer not null
);
