-- While a subscription has more than one callback: the keys of those over which a body without a delivery id has come, each between spaces.
alter table {inbox} add column callback_keys text;
