-- Study files: what each side holds of each of them, what both held when they were last the same, and what is under way.
-- Run once by Flyway at init.
--
-- name: in the storage; local_name: below the bucket's folder. cloud_version, clinic_sha256: what a side holds by its last
-- word, null: nothing. base_version, base_sha256: what both sides held when they were last the same, null: never.
-- cloud_noted: when the cloud was last heard about it, counted and not timed, since clocks are set back.
-- part_bytes: how much of its part is on the disk for certain. taken_by: the lane of a service that moves it.
-- silences: how often nobody answered in a row, since when nothing of it has moved.
create sequence if not exists _sync_file_turn;

create table if not exists _sync_files (
  id uuid primary key default gen_random_uuid(),
  bucket text not null,
  name text not null,
  local_name text not null,
  cloud_version text,
  cloud_size bigint,
  cloud_etag text,
  cloud_type text,
  cloud_at timestamptz,
  cloud_noted bigint,
  clinic_sha256 text,
  clinic_md5 text,
  clinic_size bigint,
  clinic_modified bigint,
  base_version text,
  base_sha256 text,
  synced_at timestamptz,
  replaced_at timestamptz,
  part_etag text,
  part_bytes bigint not null default 0,
  upload_id text,
  upload_sha256 text,
  needed_at timestamptz,
  wanted_at timestamptz,
  taken_by uuid,
  attempts integer not null default 0,
  silences integer not null default 0,
  next_attempt_at timestamptz,
  code text,
  failed_at timestamptz,
  unique (bucket, name),
  unique (bucket, local_name)
);

-- The files that something is to be done about: the condition of the view _sync_file_work.
-- In the order of their turns: asked for, needed soon, newest; what is new here comes before what is new there.
create index if not exists idx_sync_files_work on _sync_files (
  wanted_at, needed_at, coalesce(cloud_at, timestamptz 'infinity') desc, id)
where cloud_version is distinct from base_version or clinic_sha256 is distinct from base_sha256;

create index if not exists idx_sync_files_taken on _sync_files (taken_by) where taken_by is not null;

-- replaced_at: when the clinic's content last took the place of another one in the cloud.
create index if not exists idx_sync_files_replaced on _sync_files (replaced_at) where replaced_at is not null;

-- Whether a name is taken, or the folder of a file, where capital letters make no difference.
create index if not exists idx_sync_files_lower on _sync_files (bucket, (lower(local_name) collate "C"));

-- guard_rows: so many files are gone in the storage, and a person must say that this is meant (accepted_at).
-- changed_rows: so many files of the folder wait because too many were replaced within an hour (changes_accepted_at).
-- left_out: so many files of the folder cannot go up as they are, by their names or because they cannot be read.
-- last_error: why the storage's list was not read, folder_error: why the folder was not, the last time.
create table if not exists _sync_buckets (
  bucket text primary key,
  listed_at timestamptz,
  looked_at timestamptz,
  guard_rows bigint,
  accepted_at timestamptz,
  changed_rows bigint,
  changes_accepted_at timestamptz,
  left_out bigint,
  last_error text,
  folder_error text
);

-- The names of a listing that is under way. Of no use after a crash: the next listing begins anew.
create unlogged table if not exists _sync_file_seen (
  bucket text not null,
  name text not null,
  primary key (bucket, name)
);
