create table orders (
  id text primary key,
  item text not null,
  kind text not null,
  email text not null,
  -- EUR
  amount real not null,
  state text not null,
  payment text,
  ordered_at integer not null
);
create index orders_by_email on orders (email, ordered_at);
create index orders_by_item on orders (item);
