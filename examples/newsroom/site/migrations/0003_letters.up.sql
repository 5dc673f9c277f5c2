-- What people write to support.
create table letters (
  id text primary key,
  email text not null,
  subject text not null,
  text text not null,
  order_id text,
  written_at integer not null
);
