-- Subscriptions are listed by their state: those that wait for nothing, and those that are due. A paused one has an index already.
create index {subscriptions}_active on {subscriptions} (id) where paused = 0 and due is null;
create index {subscriptions}_behind on {subscriptions} (id) where paused = 0 and due is not null;

-- The subscribers of a topic of messages are counted.
create index {patterns}_pattern on {patterns} (pattern);
