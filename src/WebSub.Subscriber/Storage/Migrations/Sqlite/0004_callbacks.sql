-- Confirmed parts whose callback has been replaced and is still answered (JSON, sealed, since it has their secrets); null if there are none.
alter table {subscriptions} add column replaced text;
