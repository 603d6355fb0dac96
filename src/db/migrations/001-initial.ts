import { sql, type Kysely } from 'kysely';

const tables = `
create table products (
  sku text primary key,
  name text not null,
  description text not null default '',
  price_minor bigint not null check (price_minor > 0),
  currency text not null,
  capacity integer not null check (capacity >= 0),
  reserved integer not null default 0,
  release_at timestamptz not null,
  policy jsonb not null default '{}',
  open boolean not null default true,
  created_at timestamptz not null default now(),
  constraint stock_within_capacity check (reserved >= 0 and reserved <= capacity)
);

create table orders (
  id text primary key,
  customer_id text not null,
  idempotency_key text not null,
  body_fingerprint text not null,
  sku text not null references products (sku),
  product_name text not null,
  quantity integer not null check (quantity > 0),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  customer_name text not null,
  customer_email text not null,
  address jsonb not null,
  payment_method text not null,
  token_hash text not null,
  release_at timestamptz not null,
  deadline_at timestamptz not null,
  policy jsonb not null,
  status text not null,
  version integer not null default 0,
  cancel_reason text,
  cancel_requested_at timestamptz,
  workflow_started boolean not null default false,
  clock_offset_ms bigint not null default 0,
  placed_at timestamptz not null,
  updated_at timestamptz not null,
  unique (customer_id, idempotency_key)
);
create index orders_by_status on orders (status, placed_at desc, id desc);
create index orders_by_age on orders (placed_at desc, id desc);
create index orders_without_workflow on orders (placed_at) where not workflow_started;

create table payments (
  order_id text primary key references orders (id),
  status text not null,
  gateway_id text,
  amount_minor bigint not null,
  currency text not null,
  failure_code text,
  updated_at timestamptz not null
);
create index payments_by_gateway_id on payments (gateway_id);

create table reservations (
  order_id text not null references orders (id),
  sku text not null references products (sku),
  quantity integer not null check (quantity >= 0),
  status text not null check (status in ('held', 'reserved', 'consumed', 'released')),
  held_at timestamptz not null,
  primary key (order_id, sku)
);
create index reservations_by_sku on reservations (sku, status, held_at);

create table fulfillment_orders (
  order_id text not null references orders (id),
  attempt integer not null,
  status text not null,
  partner_id text,
  tracking_code text,
  shipment_status text not null default 'pre_transit',
  last_event_at timestamptz,
  reminders integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (order_id, attempt)
);

create table refunds (
  id text primary key,
  order_id text not null references orders (id),
  n integer not null,
  gateway_id text unique,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  status text not null,
  failure_reason text,
  reference text,
  requested_at timestamptz not null,
  settled_at timestamptz,
  unique (order_id, n)
);

create table ledger_entries (
  id bigint generated always as identity primary key,
  order_id text not null references orders (id),
  operation text not null,
  gateway_id text not null,
  account text not null,
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null,
  at timestamptz not null,
  unique (order_id, operation, gateway_id, account)
);

create function refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'the ledger is append-only'; end $$;
create trigger ledger_append_only before update or delete on ledger_entries
  for each row execute function refuse_change();

create table compensation_log (
  order_id text not null references orders (id),
  seq integer not null,
  step text not null,
  undoes text not null,
  outcome text not null,
  detail text not null default '',
  attempts integer not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  last_error text,
  primary key (order_id, seq)
);

create table attention (
  id bigint generated always as identity primary key,
  order_id text not null references orders (id),
  reason text not null,
  since timestamptz not null,
  due_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  resolution text
);
create unique index attention_open on attention (order_id, reason) where resolved_at is null;

create table commands (
  id text primary key,
  order_id text not null references orders (id),
  kind text not null,
  actor text not null,
  input jsonb not null,
  requested_at timestamptz not null,
  answered_at timestamptz,
  outcome text,
  message text
);
create index commands_open on commands (requested_at) where answered_at is null;
create index commands_by_order on commands (order_id, requested_at);

create table inbox (
  source text not null,
  event_id text not null,
  type text not null,
  payload jsonb not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  outcome text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  primary key (source, event_id)
);
create index inbox_open on inbox (next_attempt_at) where processed_at is null;

create table outbox (
  dedup_id text primary key,
  order_id text not null references orders (id),
  kind text not null,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text
);
create index outbox_open on outbox (next_attempt_at) where sent_at is null;

create function tell_order_changed() returns trigger language plpgsql as
$$ begin perform pg_notify('order_changed', new.id || ' ' || new.status); return null; end $$;
create trigger order_changed after insert or update of status on orders
  for each row execute function tell_order_changed();

create function tell_new_row() returns trigger language plpgsql as
$$ begin perform pg_notify(tg_argv[0], ''); return null; end $$;
create trigger inbox_filled after insert on inbox for each statement execute function tell_new_row('inbox_filled');
create trigger outbox_filled after insert on outbox for each statement execute function tell_new_row('outbox_filled');
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of tables.split(/;\s*\n\n|;\s*\n(?=create )/)) {
    if (statement.trim()) await sql.raw(statement).execute(db);
  }
}
