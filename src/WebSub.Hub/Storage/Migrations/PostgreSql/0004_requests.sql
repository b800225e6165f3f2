-- The sweeps look for a pending request of each subscription whose lease has ended.
create index on {requests} (callback);
