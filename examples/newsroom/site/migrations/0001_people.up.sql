create table people (
  id integer primary key,
  email text not null unique,
  name text not null,
  -- SHA-256 of the cookie: who reads the table is not signed in by it.
  session text not null,
  joined_at integer not null
);
create index people_by_session on people (session);
