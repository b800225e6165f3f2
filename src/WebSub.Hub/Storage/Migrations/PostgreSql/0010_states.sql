-- Subscriptions are listed by their state: those that wait for nothing, and those that are due. A paused one has an index already.
create index on {subscriptions} (id) where paused = 0 and due is null;
create index on {subscriptions} (id) where paused = 0 and due is not null;

-- The subscribers of a topic of messages are counted.
create index on {patterns} (pattern);
