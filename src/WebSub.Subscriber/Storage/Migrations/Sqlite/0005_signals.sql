-- How often commands have asked the running app to look at its rows, and what it has seen of that.
create table {signals} (
  id integer primary key,
  asked integer not null,
  seen integer not null
);
insert into {signals} (id, asked, seen) values (1, 0, 0);
