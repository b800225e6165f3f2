-- What each node has sent, so that every node can say what all of them did within the last hour. Nothing is written for a minute in which
-- nothing was sent, and nothing is kept for long. latencies: counts of delays, by bucket.
create table {minutes} (
  began_at integer not null,
  node text not null,
  delivered integer not null,
  failed integer not null,
  latencies text not null,
  primary key (began_at, node)
) strict, without rowid;

-- The same by origin of callbacks, in spans of five minutes.
create table {origin_spans} (
  began_at integer not null,
  node text not null,
  origin text not null,
  delivered integer not null,
  failed integer not null,
  primary key (began_at, node, origin)
) strict, without rowid;
