-- How a database that was put back from a backup is known, and what of it is to be held against the cloud first.
-- Run once by Flyway at init.
--
-- The place in which this table was made: a dump that is restored makes it anew, elsewhere.
create table if not exists _sync_origin (
  id boolean primary key default true check (id),
  place text not null,
  since timestamptz not null default now(),
  restored_at timestamptz
);

-- A table that is to be read again as a whole before anything goes up; a change that may be in the cloud already, and may
-- have been followed there by others.
alter table _sync_metadata
  add column if not exists restored boolean not null default false;

alter table _sync_pending
  add column if not exists restored boolean not null default false;

create index if not exists idx_sync_pending_restored on _sync_pending (id) where restored and not synced;
