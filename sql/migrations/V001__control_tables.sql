-- The control tables of the specification, completed with what the protocol needs.
-- Run once by Flyway at init; safe where the specification's own SQL was run before.
create table if not exists _sync_metadata (
  id serial primary key,
  table_name varchar(100) unique not null,
  last_sync_from_supabase timestamptz,
  last_sync_to_supabase timestamptz,
  records_synced_down integer default 0,
  records_synced_up integer default 0,
  last_error text,
  updated_at timestamptz default now()
);

alter table _sync_metadata
  add column if not exists active boolean not null default false,
  add column if not exists direction text not null default 'both',
  add column if not exists strategy text not null default 'last-write-wins',
  add column if not exists cloud_filter text not null default '',
  add column if not exists derived_columns text[] not null default '{}',
  add column if not exists cloud_columns text[],
  add column if not exists load_started_at timestamptz,
  add column if not exists load_rows bigint not null default 0,
  add column if not exists loaded_at timestamptz,
  add column if not exists shared_columns text[],
  add column if not exists refill_columns text[],
  add column if not exists cursor_stamp timestamptz,
  add column if not exists cursor_id uuid,
  add column if not exists fed_since timestamptz,
  add column if not exists fed_alone boolean not null default false,
  add column if not exists compare_due_at timestamptz,
  add column if not exists compare_begun_at timestamptz,
  add column if not exists compared_at timestamptz,
  add column if not exists compared_cloud bigint,
  add column if not exists compared_clinic bigint,
  add column if not exists version_mark bigint,
  add column if not exists version_mark_before bigint,
  add column if not exists guard text,
  add column if not exists guard_rows bigint;

create table if not exists _sync_pending (
  id serial primary key,
  table_name varchar(100) not null,
  record_id uuid not null,
  operation varchar(10) not null,
  data jsonb,
  created_at timestamptz default now(),
  synced boolean default false,
  synced_at timestamptz,
  error text,
  retry_count integer default 0
);

alter table _sync_pending
  add column if not exists base jsonb,
  add column if not exists changed_at timestamptz,
  add column if not exists preexisting boolean not null default false,
  add column if not exists next_attempt_at timestamptz,
  add column if not exists chunk_limit integer,
  add column if not exists singly boolean not null default false,
  add column if not exists code text,
  add column if not exists waits_table text,
  add column if not exists waits_id uuid,
  add column if not exists conflict_id bigint;

update _sync_pending
set synced = coalesce(synced, false),
    retry_count = coalesce(retry_count, 0)
where synced is null
  or retry_count is null;

alter table _sync_pending
  alter column synced set not null,
  alter column retry_count set not null;

-- All its entries are alike. When thousands of changes come at once, statistics still say that none waits, and a plan that
-- takes it for the index of a row's changes reads all of them for each row.
drop index if exists idx_sync_pending_unsynced;
create index if not exists idx_sync_pending_table on _sync_pending (table_name);
create index if not exists idx_sync_pending_order on _sync_pending (id) where synced = false and waits_id is null;
create index if not exists idx_sync_pending_record on _sync_pending (table_name, record_id, id) where synced = false;
create index if not exists idx_sync_pending_held on _sync_pending (table_name, record_id)
where conflict_id is not null and not synced;
create index if not exists idx_sync_pending_refused on _sync_pending (table_name, record_id) where synced = false and retry_count > 0;
create index if not exists idx_sync_pending_preexisting on _sync_pending (table_name) where preexisting and not synced;
create index if not exists idx_sync_pending_waits on _sync_pending (waits_table, waits_id) where synced = false and waits_id is not null;
create index if not exists idx_sync_pending_synced_at on _sync_pending (synced_at) where synced;

create table if not exists _sync_log (
  id serial primary key,
  direction varchar(10) not null,
  table_name varchar(100),
  records_affected integer,
  status varchar(20),
  error_message text,
  duration_ms integer,
  created_at timestamptz default now()
);

create index if not exists idx_sync_log_created_at on _sync_log (created_at);

create table if not exists _conflicts (
  id bigserial primary key,
  table_name varchar(100) not null,
  record_id uuid not null,
  kind text not null,
  strategy text not null,
  winner text,
  base jsonb,
  local_data jsonb,
  remote_data jsonb,
  result jsonb,
  local_stamp timestamptz,
  remote_stamp timestamptz,
  skew_ms bigint,
  created_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by text,
  resolution text
);

create index if not exists idx_conflicts_record on _conflicts (table_name, record_id);
create index if not exists idx_conflicts_open on _conflicts (created_at) where resolved_at is null;

create table if not exists _sync_quarantine (
  id bigserial primary key,
  direction text not null,
  table_name varchar(100) not null,
  record_id uuid not null,
  pending_id bigint,
  data jsonb,
  code text,
  reason text,
  attempts integer not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  next_attempt_at timestamptz,
  unique (direction, table_name, record_id)
);

-- The parts of a first load that is under way: rows from from_id on, before until_id where there is one, are read behind
-- after_id, by a stream of each part's own.
create table if not exists _sync_load (
  table_name varchar(100) not null,
  from_id uuid not null,
  until_id uuid,
  after_id uuid,
  primary key (table_name, from_id)
);

-- Rows that the next pass fetches by id: an application had them locked, a push was newer, or a comparison found them
-- different (by_content: though their stamps are the same).
create table if not exists _sync_revisit (
  table_name varchar(100) not null,
  record_id uuid not null,
  noted_at timestamptz not null default now(),
  by_content boolean not null default false,
  primary key (table_name, record_id)
);

-- What a comparison of keys found and does not act on before it has seen the whole table: rows that the cloud lacks
-- ('missing') or has in an older version ('older'). Rows that the feed told to be gone in the
-- cloud ('gone') or back to an older version ('back') wait here until its answers are read to the end.
create table if not exists _sync_suspect (
  table_name varchar(100) not null,
  record_id uuid not null,
  kind text not null,
  stamp timestamptz,
  primary key (table_name, record_id)
);

-- Up to where the cloud's feed of changes was applied: where it has the optional functions. newest: transactions of the
-- cloud from this one on began to write after newest_at; settled_at: what was written before is applied for certain.
create table if not exists _sync_feed (
  id boolean primary key default true check (id),
  cursor text not null,
  begun_at timestamptz not null default now(),
  newest numeric,
  newest_at timestamptz,
  settled_at timestamptz
);

-- The cloud that this clinic mirrors.
create table if not exists _sync_cloud (
  id boolean primary key default true check (id),
  url text not null,
  since timestamptz not null default now()
);

-- The one service that writes this database, as it last described itself.
create table if not exists _sync_service (
  id boolean primary key default true check (id),
  version text not null,
  process_id bigint not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  mode text not null,
  reason text not null,
  since timestamptz not null,
  last_pass_at timestamptz,
  clock_skew_ms bigint,
  cloud_mode text,
  taken_over_at timestamptz,
  clinic_problem text,
  up_left bigint,
  up_per_second double precision,
  down_left bigint,
  down_per_second double precision
);

-- Services that wait to become the writer.
create table if not exists _sync_standby (
  instance uuid primary key,
  host text not null,
  process_id bigint not null,
  since timestamptz not null,
  seen_at timestamptz not null
);

-- Work asked of the running service by another process, such as `once`.
create table if not exists _sync_request (
  id bigserial primary key,
  kind text not null,
  accept_deletes text[] not null default '{}',
  requested_at timestamptz not null default now(),
  taken_at timestamptz,
  done_at timestamptz,
  outcome text
);
