-- What the console keeps: who looked at a row and who decided what, whether a person paused the sync, how the line was.
-- Run once by Flyway at init.
--
-- Who saw a row's content or acted; address: from which machine. The row stays nameless: its table and its id.
create table if not exists _sync_audit (
  id bigserial primary key,
  at timestamptz not null default now(),
  person text not null,
  address text not null,
  action text not null,
  subject text,
  table_name text,
  record_id uuid,
  reason text,
  outcome text
);

create index if not exists idx_sync_audit_at on _sync_audit (at);

-- One row while a person has paused the sync.
create table if not exists _sync_pause (
  id boolean primary key default true check (id),
  since timestamptz not null default now(),
  person text not null,
  reason text not null
);

-- Each change of the line to the cloud; it was so until the next one. seen_at: it was still so then.
create table if not exists _sync_line (
  at timestamptz primary key,
  mode text not null,
  reason text not null,
  open boolean not null,
  seen_at timestamptz not null
);
