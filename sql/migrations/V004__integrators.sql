-- What integrators and technicians ask for: a table read again as a whole, a refused row that a person has given up.
-- Run once by Flyway at init.
--
-- reloading: what the clinic holds and is no version of the cloud's row is kept before it is replaced.
alter table _sync_metadata
  add column if not exists reloading boolean not null default false;

-- A row of the cloud that a person gave up stays here, is no longer asked for at every pass and no longer told.
alter table _sync_quarantine
  add column if not exists given_up_at timestamptz,
  add column if not exists given_up_by text,
  add column if not exists given_up_reason text;
