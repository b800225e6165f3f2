-- What was the date of the content is the URL that gave the entity tag now: a tag says nothing about any other URL, and a date that is
-- exact to the second only cannot prove that nothing has changed.
alter table {topics} rename column last_modified to etag_url;

-- Until when the topic's server has asked us to wait.
alter table {topics} add column not_before integer;

-- When it was last pinged: what a cache has from before proves nothing.
alter table {topics} add column pinged_at integer;
