import { sql, type Kysely } from 'kysely';

const statements = [
  // What the console's lists and its search go through.
  // Words as they are written, without a dictionary and without an extension.
  `create function words_of(given text) returns text[] language sql immutable parallel safe as
    $$ select array_remove(regexp_split_to_array(lower(given), '[^[:alnum:]]+'), '') $$`,
  `create function search_query(given text) returns tsquery language sql immutable parallel safe as
    $$ select string_agg(word || ':*', ' & ')::tsquery from unnest(words_of(given)) as w (word) $$`,
  `create index orders_by_words on orders using gin (array_to_tsvector(words_of(customer_name || ' ' || customer_email)))`,
  `create index orders_by_id_prefix on orders (id text_pattern_ops)`,
  `create index orders_by_sku on orders (sku, placed_at desc, id desc)`,
  `create index orders_by_deadline on orders (deadline_at, id)`,
  `create index orders_by_update on orders (updated_at, id)`,
  `create index orders_awaiting_release on orders (deadline_at, id) where status = 'awaiting_release'`,
  `create index orders_with_moved_clock on orders (id) where clock_offset_ms <> 0`,
  `create index fulfillment_by_tracking_code on fulfillment_orders (lower(tracking_code) text_pattern_ops)`,
  `create index outbox_by_order on outbox (order_id)`,
  `create index attention_by_order on attention (order_id)`,
  `create index proposals_by_order on proposals (order_id)`,
  `create index inbox_by_reference on inbox ((payload -> 'result' ->> 'reference') text_pattern_ops)
    where source = 'delivery'`,

  // The life of an order, written by whoever moves its row.
  `create table order_steps (
    id bigint generated always as identity primary key,
    order_id text not null references orders (id),
    version integer not null,
    status text not null,
    at timestamptz not null
  )`,
  `create index order_steps_by_order on order_steps (order_id, id)`,
  `create function note_step() returns trigger language plpgsql as
    $$ begin
      insert into order_steps (order_id, version, status, at) values (new.id, new.version, new.status, new.updated_at);
      return null;
    end $$`,
  `create trigger order_placed after insert on orders for each row execute function note_step()`,
  `create trigger order_stepped after update of status on orders
    for each row when (new.status is distinct from old.status) execute function note_step()`,

  // Development: how far the wall clock of earlier facts was behind an order's own.
  `create table clock_moves (
    id bigint generated always as identity primary key,
    order_id text not null references orders (id),
    by_ms bigint not null,
    at timestamptz not null default now()
  )`,
  `create index clock_moves_by_order on clock_moves (order_id)`,

  // Whoever watches is told of every change; a listener that reads two words reads the same as before.
  `create or replace function tell_order_changed() returns trigger language plpgsql as
    $$ begin
      perform pg_notify('order_changed', new.id || ' ' || new.status || ' ' || new.version);
      return null;
    end $$`,
  `create function tell_part_changed() returns trigger language plpgsql as
    $$ begin
      perform pg_notify('order_changed', id || ' ' || status || ' ' || version) from orders where id = new.order_id;
      return null;
    end $$`,
  `create trigger fulfillment_changed after insert or update on fulfillment_orders
    for each row execute function tell_part_changed()`,
  `create trigger refund_changed after insert or update on refunds
    for each row execute function tell_part_changed()`,
  `create trigger undo_changed after insert or update of outcome on compensation_log
    for each row execute function tell_part_changed()`,
  `create function tell_attention_changed() returns trigger language plpgsql as
    $$ begin perform pg_notify('console_changed', 'attention ' || new.order_id); return null; end $$`,
  `create trigger attention_changed after insert or update on attention
    for each row execute function tell_attention_changed()`,
  `create trigger proposal_changed after insert or update on proposals
    for each row execute function tell_attention_changed()`,
  `create function tell_product_changed() returns trigger language plpgsql as
    $$ begin perform pg_notify('console_changed', 'product ' || new.sku); return null; end $$`,
  // Not for units taken: those an order tells.
  `create trigger product_changed after insert or update of capacity, open, price_minor, release_at on products
    for each row execute function tell_product_changed()`,

  // Browsers that are signed in, by the hash of what they keep, each with the key that signed it in.
  `create table sessions (
    token_hash text primary key,
    key_id text not null,
    key_seal text,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index sessions_by_end on sessions (expires_at)`,
  `create table sign_in_links (
    code_hash text primary key,
    key_id text not null,
    key_seal text,
    leads_to text not null,
    expires_at timestamptz not null
  )`,

  // A command for many orders: which they are stays as it was at the first try.
  `create table bulk_runs (
    id text primary key,
    fingerprint text not null,
    command text not null,
    order_ids jsonb not null,
    remaining integer not null,
    asked_by text not null,
    asked_at timestamptz not null
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
