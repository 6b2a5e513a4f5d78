-- How the study files stand: what is on its way, what is refused, and which rows of study_files have their bytes here.
-- Run by Flyway at init; read by `status`, `files status` and the console.
create or replace function sync_file_status(
  out waiting_down bigint, out bytes_down bigint, out waiting_up bigint, out bytes_up bigint, out in_folder bigint,
  out refused bigint, out gone bigint, out changed bigint, out left_out bigint, out study_rows bigint, out study_rows_complete bigint)
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  select
    count(*) filter (where w.work in ('down', 'compare')),
    coalesce(sum(w.size) filter (where w.work in ('down', 'compare')), 0),
    count(*) filter (where w.work = 'up'),
    coalesce(sum(w.size) filter (where w.work = 'up'), 0),
    count(*) filter (where w.refused)
  into waiting_down, bytes_down, waiting_up, bytes_up, refused
  from _sync_file_work w;

  select count(*) into in_folder from _sync_files f where f.clinic_sha256 is not null;
  select coalesce(sum(b.guard_rows), 0), coalesce(sum(b.changed_rows), 0), coalesce(sum(b.left_out), 0)
  into gone, changed, left_out
  from _sync_buckets b;
  select c.study_rows, c.complete into study_rows, study_rows_complete from sync_study_files() c;
end
$$;

-- The same of these buckets, one by one, and when and how each side was last looked at.
create or replace function sync_bucket_status(p_buckets text[])
returns table (
  bucket text, complete bigint, bytes bigint, waiting_down bigint, bytes_down bigint, waiting_up bigint, bytes_up bigint,
  refused bigint, gone bigint, changed bigint, listed_at timestamptz, looked_at timestamptz, last_error text,
  folder_error text)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    k.bucket,
    count(*) filter (where w.id is null and f.clinic_sha256 is not null),
    coalesce(sum(f.clinic_size) filter (where w.id is null and f.clinic_sha256 is not null), 0)::bigint,
    count(*) filter (where w.work in ('down', 'compare')),
    coalesce(sum(w.size) filter (where w.work in ('down', 'compare')), 0)::bigint,
    count(*) filter (where w.work = 'up'),
    coalesce(sum(w.size) filter (where w.work = 'up'), 0)::bigint,
    count(*) filter (where w.refused),
    coalesce(max(b.guard_rows), 0),
    coalesce(max(b.changed_rows), 0),
    max(b.listed_at),
    max(b.looked_at),
    max(b.last_error),
    max(b.folder_error)
  from unnest(p_buckets) with ordinality k (bucket, place)
  left join _sync_buckets b on b.bucket = k.bucket
  left join _sync_files f on f.bucket = k.bucket
  left join _sync_file_work w on w.id = f.id
  group by k.bucket, k.place
  order by k.place
$$;

-- A row counts as complete when the bytes that it names are in the folder, and are not those of an older version. Nothing is in
-- a folder that cannot be read.
create or replace function sync_study_files(out study_rows bigint, out complete bigint)
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  if to_regclass('public.study_files') is null then
    return;
  end if;
  select count(*), count(*) filter (where n.storage_path is not null)
  into study_rows, complete
  from study_files s
  left join (
    select unnest(array[f.name, f.bucket || '/' || f.name]) as storage_path
    from _sync_files f
    where f.clinic_sha256 is not null
      and not exists (select from _sync_file_work w where w.id = f.id and w.work in ('down', 'compare'))
      and not exists (select from _sync_buckets b where b.bucket = f.bucket and b.folder_error is not null)
    group by 1
  ) n on n.storage_path = s.storage_path
  where s.deleted_at is null;
exception
  when undefined_column or undefined_function then
    study_rows := null;
    complete := null;
end
$$;
