-- How far a subscription had come when it ended, as JSON, for explanations of what was published before.
alter table {endings} add column last_state text;
