-- Study files: what is to be done about each of them, by what both sides hold now and held when they were last the same.
-- Run by Flyway at init; read by the functions and routes of the files.
create or replace view _sync_file_work as
select
  f.*,
  case
    when f.cloud_version is null and f.clinic_sha256 is null then 'forget'
    -- gone in the cloud, untouched here
    when f.cloud_version is null and f.base_version is not null and f.clinic_sha256 is not distinct from f.base_sha256 then 'trash'
    -- new here, or gone there and changed here
    when f.cloud_version is null then 'up'
    -- new there, or vanished here: the folder never deletes in the cloud
    when f.clinic_sha256 is null then 'down'
    when f.clinic_sha256 is not distinct from f.base_sha256 then 'down'
    when f.cloud_version is not distinct from f.base_version then 'up'
    else 'compare'
  end as work,
  coalesce(f.cloud_size, f.clinic_size, 0) as size,
  -- tried in vain, unanswered for long, or not tried at all
  f.attempts >= 3 or f.silences >= 20 or f.code is not distinct from 'too-large' as refused
from _sync_files f
where f.cloud_version is distinct from f.base_version
  or f.clinic_sha256 is distinct from f.base_sha256;

-- The name below the folder for a file that the cloud has: the first of these that no other file has, whatever its capitals,
-- and that needs no folder where another file lies. The last one is nobody's, and has no folder.
create or replace function sync_local_name(p_bucket text, p_name text, p_local text, p_beside text)
returns text
language sql
stable
set search_path = public, pg_temp
as $$
  select c.candidate
  from unnest(array[p_local, p_beside, '%~' || md5(p_name)]) with ordinality c (candidate, place)
  where c.candidate is not null
    and not exists (
      select
      from _sync_files f
      where f.bucket = p_bucket
        and lower(f.local_name) collate "C" = any (sync_file_and_folders(lower(c.candidate)))
        and f.name <> p_name
    )
    and not exists (
      select
      from _sync_files f
      where f.bucket = p_bucket
        and lower(f.local_name) collate "C" > lower(c.candidate) || '/'
        and lower(f.local_name) collate "C" < lower(c.candidate) || '0'
        and f.name <> p_name
    )
  order by c.place
  limit 1
$$;

-- The name itself and those of the folders that it lies in.
create or replace function sync_file_and_folders(p_name text)
returns text[]
language sql
immutable
as $$
  select array_agg(array_to_string(w.words[1:n.number], '/'))
  from (select string_to_array(p_name, '/') as words) w
  cross join lateral generate_series(1, cardinality(w.words)) n (number)
$$;

-- Statements about many files wait for each other, so that none of them meets another one's rows in another order.
create or replace function sync_files_in_turn()
returns void
language sql
set search_path = public, pg_temp
as $$
  select pg_advisory_xact_lock(hashtext('sync_files_in_turn'))
$$;

-- Notes a page of a listing that began at p_began. What was noted since then by a transfer is younger and stays.
create or replace function sync_note_cloud_files(p_bucket text, p_began bigint, p_page jsonb)
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_file record;
  v_changed integer := 0;
begin
  perform sync_files_in_turn();
  insert into _sync_file_seen (bucket, name)
  select p_bucket, o.name
  from jsonb_to_recordset(p_page) o (name text)
  on conflict do nothing;

  -- The same content written again is nothing to do.
  update _sync_files f
  set cloud_version = o.version,
      base_version = case
        when f.base_version = f.cloud_version and f.cloud_size = o.size and f.cloud_etag = o.etag and o.etag <> '' then o.version
        else f.base_version
      end,
      cloud_size = o.size,
      cloud_etag = o.etag,
      cloud_type = o.type,
      cloud_at = o.at,
      cloud_noted = nextval('_sync_file_turn'),
      attempts = 0,
      next_attempt_at = null,
      code = null
  from jsonb_to_recordset(p_page) o (name text, version text, size bigint, etag text, type text, at timestamptz)
  where f.bucket = p_bucket
    and f.name = o.name
    and f.cloud_version is distinct from o.version
    and (f.cloud_noted is null or f.cloud_noted < p_began);
  get diagnostics v_changed = row_count;

  -- One after another: of names that differ in capitals alone, each must see those before it.
  for v_file in
    select o.*
    from jsonb_to_recordset(p_page) o (
      name text, local text, beside text, version text, size bigint, etag text, type text, at timestamptz)
    where not exists (select from _sync_files f where f.bucket = p_bucket and f.name = o.name)
    order by o.name collate "C"
  loop
    insert into _sync_files (
      bucket, name, local_name, cloud_version, cloud_size, cloud_etag, cloud_type, cloud_at, cloud_noted)
    values (
      p_bucket, v_file.name, sync_local_name(p_bucket, v_file.name, v_file.local, v_file.beside), v_file.version,
      v_file.size, v_file.etag, v_file.type, v_file.at, nextval('_sync_file_turn'));
    v_changed := v_changed + 1;
  end loop;
  return v_changed;
end
$$;

create or replace function sync_begin_listing(p_bucket text)
returns bigint
language plpgsql
set search_path = public, pg_temp
as $$
begin
  delete from _sync_file_seen where bucket = p_bucket;
  insert into _sync_buckets (bucket) values (p_bucket) on conflict do nothing;
  return nextval('_sync_file_turn');
end
$$;

-- Ends a complete listing, before and after which key and bucket were proved good. Returns how many files are gone in the
-- cloud and stay here, because so many at once are for a person to confirm; those that need nobody are noted as gone.
create or replace function sync_end_listing(p_bucket text, p_began bigint, p_most_rows integer, p_most_percent integer)
returns bigint
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_known bigint;
  v_gone bigint;
  v_refused bigint;
begin
  perform sync_files_in_turn();
  select
    count(*),
    count(*) filter (
      where f.cloud_noted < p_began
        and not exists (select from _sync_file_seen s where s.bucket = f.bucket and s.name = f.name))
  into v_known, v_gone
  from _sync_files f
  where f.bucket = p_bucket
    and f.cloud_version is not null;

  select case
    when v_gone = 0 then 0
    -- Accepted are no more than the person was told of.
    when b.accepted_at between now() - interval '1 hour' and now() and v_gone <= b.guard_rows then 0
    when v_gone > p_most_rows
      or v_gone > 5 and v_gone * 100 > v_known * p_most_percent
      or v_gone > 0 and not exists (select from _sync_file_seen s where s.bucket = p_bucket) then v_gone
    else 0
  end
  into v_refused
  from _sync_buckets b
  where b.bucket = p_bucket;

  if v_refused = 0 and v_gone > 0 then
    update _sync_files f
    set cloud_version = null,
        cloud_noted = nextval('_sync_file_turn'),
        attempts = 0,
        next_attempt_at = null,
        code = null
    where f.bucket = p_bucket
      and f.cloud_version is not null
      and f.cloud_noted < p_began
      and not exists (select from _sync_file_seen s where s.bucket = f.bucket and s.name = f.name);
  end if;

  update _sync_buckets
  set listed_at = clock_timestamp(),
      guard_rows = nullif(v_refused, 0),
      accepted_at = null,
      last_error = null
  where bucket = p_bucket;
  delete from _sync_file_seen where bucket = p_bucket;
  return v_refused;
end
$$;

-- Which of these files of the folder have to be read: new ones, and those of another size or time than noted. other_case: a
-- known one with that name in other capitals, which may be the same file.
create or replace function sync_changed_files(p_bucket text, p_files jsonb)
returns table (local_name text, name text, size bigint, modified bigint, other_case text)
language sql
stable
set search_path = public, pg_temp
as $$
  select o.local_name, coalesce(f.name, o.name), o.size, o.modified, c.local_name
  from jsonb_to_recordset(p_files) o (local_name text, name text, size bigint, modified bigint)
  left join _sync_files f
    on f.bucket = p_bucket
    and f.local_name = o.local_name
  left join lateral (
    select k.local_name
    from _sync_files k
    where f.id is null
      and k.bucket = p_bucket
      and lower(k.local_name) collate "C" = lower(o.local_name)
    order by k.local_name
    limit 1
  ) c on true
  where f.clinic_sha256 is null
    or f.clinic_size is distinct from o.size
    or f.clinic_modified is distinct from o.modified
$$;

-- Notes what a file of the folder holds. False where another file there has the same name in the storage.
create or replace function sync_note_clinic_file(
  p_bucket text, p_name text, p_local_name text, p_size bigint, p_modified bigint, p_sha256 text, p_md5 text)
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
begin
  insert into _sync_files as f (bucket, name, local_name, clinic_size, clinic_modified, clinic_sha256, clinic_md5)
  values (p_bucket, p_name, p_local_name, p_size, p_modified, p_sha256, p_md5)
  on conflict (bucket, name) do update
  set local_name = excluded.local_name,
      clinic_size = excluded.clinic_size,
      clinic_modified = excluded.clinic_modified,
      attempts = case when f.clinic_sha256 is distinct from excluded.clinic_sha256 then 0 else f.attempts end,
      next_attempt_at = case
        when f.clinic_sha256 is distinct from excluded.clinic_sha256 then null
        else f.next_attempt_at
      end,
      code = case when f.clinic_sha256 is distinct from excluded.clinic_sha256 then null else f.code end,
      clinic_sha256 = excluded.clinic_sha256,
      clinic_md5 = excluded.clinic_md5
  where f.local_name = excluded.local_name
    or f.clinic_sha256 is null;
  return found;
end
$$;

-- A page of the files that the folder is believed to hold, behind a name.
create or replace function sync_files_in_folder(p_bucket text, p_behind text, p_rows integer)
returns table (id uuid, local_name text)
language sql
stable
set search_path = public, pg_temp
as $$
  select f.id, f.local_name
  from _sync_files f
  where f.bucket = p_bucket
    and f.clinic_sha256 is not null
    and f.local_name > p_behind
  order by f.local_name
  limit p_rows
$$;

create or replace function sync_note_vanished(p_ids uuid[])
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_count integer;
begin
  perform sync_files_in_turn();
  update _sync_files
  set clinic_sha256 = null,
      clinic_md5 = null,
      clinic_size = null,
      clinic_modified = null,
      attempts = 0,
      next_attempt_at = null,
      code = null
  where id = any (p_ids)
    and taken_by is null;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Before work is handed out: what both sides hold alike needs none, what neither holds is forgotten, and files of patients
-- with an appointment soon come first.
create or replace function sync_settle_files(p_largest bigint, p_most_replaced integer, p_lanes uuid[])
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_count integer;
begin
  perform sync_files_in_turn();
  perform sync_release_files(p_lanes);
  update _sync_files f
  set base_version = f.cloud_version,
      base_sha256 = f.clinic_sha256,
      synced_at = clock_timestamp(),
      part_etag = null,
      upload_id = null,
      attempts = 0,
      next_attempt_at = null,
      code = null
  where (f.cloud_version is distinct from f.base_version or f.clinic_sha256 is distinct from f.base_sha256)
    and f.cloud_version is not null
    and f.cloud_size = f.clinic_size
    and f.cloud_etag = f.clinic_md5
    and f.taken_by is null;
  get diagnostics v_count = row_count;

  delete from _sync_files f
  where f.cloud_version is null
    and f.clinic_sha256 is null
    and f.taken_by is null;

  update _sync_files f
  set code = case when w.size > p_largest then 'too-large' end,
      failed_at = now(),
      next_attempt_at = case when w.size > p_largest then timestamptz 'infinity' end
  from _sync_file_work w
  where w.id = f.id
    and w.work in ('down', 'up', 'compare')
    and (w.size > p_largest) <> (f.code is not distinct from 'too-large');

  update _sync_buckets b
  set changed_rows = g.waiting
  from (
    select k.bucket, case when not sync_may_replace_files(k.bucket, p_most_replaced) then nullif(count(w.id), 0) end as waiting
    from _sync_buckets k
    left join _sync_file_work w
      on w.bucket = k.bucket
      and w.work = 'up'
      and w.base_sha256 is not null
      and w.cloud_version is not null
    group by k.bucket
  ) g
  where g.bucket = b.bucket
    and b.changed_rows is distinct from g.waiting;

  perform sync_refresh_file_needs();
  return v_count;
end
$$;

-- Whether the clinic's content may take the place of another one in the cloud, which keeps no former versions: not of many
-- files within an hour, as a program does it that encrypts the folder, unless a person says of this bucket that it is meant.
-- What was confirmed counts for no other bucket.
create or replace function sync_may_replace_files(p_bucket text, p_most_replaced integer)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  with accepted as (
    select b.bucket from _sync_buckets b where b.changes_accepted_at between now() - interval '1 hour' and now()
  )
  select
    exists (select from accepted a where a.bucket = p_bucket)
    or p_most_replaced > (
      select count(*)
      from _sync_files f
      where f.replaced_at between now() - interval '1 hour' and now()
        and not exists (select from accepted a where a.bucket = f.bucket)
    )
$$;

-- A clinic may do without these tables, or have other columns in them: then no file is more urgent than another.
create or replace function sync_refresh_file_needs()
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if to_regclass('public.study_files') is null
    or to_regclass('public.studies') is null
    or to_regclass('public.appointments') is null then
    return;
  end if;
  with named as (
    select w.id, s.study_id
    from _sync_file_work w
    join study_files s on s.storage_path = w.name
    where s.deleted_at is null
    union all
    select w.id, s.study_id
    from _sync_file_work w
    join study_files s on s.storage_path = w.bucket || '/' || w.name
    where s.deleted_at is null
  ),
  needs as (
    select w.id, min(a.starts_at) as starts_at
    from _sync_file_work w
    left join named n on n.id = w.id
    left join studies t on t.id = n.study_id
    left join appointments a
      on a.patient_id = t.patient_id
      and a.deleted_at is null
      and a.starts_at between now() - interval '4 hours' and now() + interval '7 days'
    group by w.id
  )
  update _sync_files f
  set needed_at = n.starts_at
  from needs n
  where n.id = f.id
    and f.needed_at is distinct from n.starts_at;
exception
  when undefined_column or undefined_table or undefined_function then
    return;
end
$$;

-- Hands out the file that comes first, up to p_most bytes. Nothing goes up before the bucket was seen as a whole once, and
-- nothing more is replaced in the cloud where too much was within an hour. A lane does one thing after another: what it was
-- given before is not under way any more, even if it never heard that it was given it.
create or replace function sync_claim_file(p_most bigint, p_most_replaced integer, p_lane uuid)
returns setof _sync_file_work
language plpgsql
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  v_id uuid;
  v_replacing text[] := array(
    select b.bucket from _sync_buckets b where sync_may_replace_files(b.bucket, p_most_replaced));
begin
  update _sync_files set taken_by = null where taken_by = p_lane;

  select w.id
  into v_id
  from _sync_file_work w
  where w.taken_by is null
    and w.work <> 'forget'
    and w.size <= p_most
    -- Further ahead than anything is put off: the clock was set back.
    and (
      w.next_attempt_at is null
      or w.next_attempt_at <= now()
      or w.next_attempt_at > now() + interval '61 minutes' and w.next_attempt_at < 'infinity')
    and (w.bucket = any (v_replacing) or w.work <> 'up' or w.base_sha256 is null or w.cloud_version is null)
    and exists (select from _sync_buckets b where b.bucket = w.bucket and b.listed_at is not null)
  order by w.wanted_at, w.needed_at, coalesce(w.cloud_at, timestamptz 'infinity') desc, w.id
  limit 1;

  if v_id is null then
    return;
  end if;
  update _sync_files set taken_by = p_lane where id = v_id and taken_by is null;
  if found then
    return query select * from _sync_file_work w where w.id = v_id;
  end if;
end
$$;

-- What another service had under way goes on here: only one is the writer.
create or replace function sync_release_files(p_lanes uuid[])
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_count integer;
begin
  update _sync_files set taken_by = null where taken_by <> all (p_lanes);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- So much of a file's part is on the disk for certain. What moves is not silent.
create or replace function sync_note_part(p_id uuid, p_etag text, p_bytes bigint)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_files
  set silences = case when p_etag = part_etag and p_bytes > part_bytes then 0 else silences end,
      part_etag = p_etag,
      part_bytes = p_bytes
  where id = p_id
$$;

-- The folder holds the cloud's version now.
create or replace function sync_file_fetched(
  p_id uuid, p_version text, p_size bigint, p_modified bigint, p_sha256 text, p_md5 text)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_files
  set clinic_sha256 = p_sha256,
      clinic_md5 = p_md5,
      clinic_size = p_size,
      clinic_modified = p_modified,
      base_version = p_version,
      base_sha256 = p_sha256,
      synced_at = clock_timestamp(),
      part_etag = null,
      wanted_at = null,
      taken_by = null,
      silences = 0,
      attempts = 0,
      next_attempt_at = null,
      code = null
  where id = p_id
$$;

-- The cloud was asked about a file; p_file is null where it has none. p_sha256 is set where the cloud holds these bytes now.
create or replace function sync_note_cloud_file(p_id uuid, p_file jsonb, p_sha256 text)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_files
  set cloud_version = p_file ->> 'version',
      cloud_size = (p_file ->> 'size')::bigint,
      cloud_etag = p_file ->> 'etag',
      cloud_type = p_file ->> 'type',
      cloud_at = (p_file ->> 'at')::timestamptz,
      cloud_noted = nextval('_sync_file_turn'),
      base_version = case when p_sha256 is null then base_version else p_file ->> 'version' end,
      base_sha256 = coalesce(p_sha256, base_sha256),
      synced_at = case when p_sha256 is null then synced_at else clock_timestamp() end,
      replaced_at = case when base_sha256 <> p_sha256 then clock_timestamp() else replaced_at end,
      upload_id = null,
      upload_sha256 = null,
      wanted_at = case when p_sha256 is null then wanted_at end,
      taken_by = null,
      silences = 0,
      attempts = 0,
      next_attempt_at = null,
      code = null
  where id = p_id
$$;

-- The file is in the trash; nothing is left to be known of it.
create or replace function sync_file_trashed(p_id uuid)
returns void
language sql
set search_path = public, pg_temp
as $$
  delete from _sync_files where id = p_id
$$;

-- Tried again later and later, at most an hour apart. Silence of the cloud is no try, but a file that nobody ever answers for
-- lets others go first; 'unasked': nobody was asked.
create or replace function sync_file_failed(p_id uuid, p_code text, p_kind text)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_files
  set taken_by = null,
      attempts = attempts + case when p_kind = 'try' then 1 else 0 end,
      silences = silences + case when p_kind = 'silence' then 1 else 0 end,
      code = p_code,
      failed_at = clock_timestamp(),
      next_attempt_at = clock_timestamp() + case p_kind
        when 'try' then least(interval '1 hour', interval '10 seconds' * power(2, least(attempts, 20)))
        when 'silence' then least(interval '30 seconds', interval '1 second' * power(2, least(silences, 20)))
        else interval '1 second'
      end
  where id = p_id
$$;

-- Both sides changed: the clinic's content goes on under a second name, the cloud's keeps the first. Both are on record,
-- once: where that was done and the file was not renamed then, it is to have the name that stands there.
create or replace function sync_keep_both_files(
  p_id uuid, p_cloud_sha256 text, p_name text, p_local_name text, p_modified bigint,
  out conflict bigint, out local_name text)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_file _sync_files;
  v_name text;
begin
  select f.* into v_file from _sync_files f where f.id = p_id for update;

  select c.id, c.result ->> 'clinic_name', c.result ->> 'clinic_local_name'
  into conflict, v_name, local_name
  from _conflicts c
  where c.table_name = '_sync_files'
    and c.record_id = p_id
    and c.local_data ->> 'sha256' = v_file.clinic_sha256
    and c.remote_data ->> 'sha256' = p_cloud_sha256
  order by c.id desc
  limit 1;

  if conflict is null then
    v_name := p_name;
    local_name := p_local_name;
    insert into _conflicts (
      table_name, record_id, kind, strategy, winner, base, local_data, remote_data, result, remote_stamp, resolved_at,
      resolved_by, resolution)
    values (
      '_sync_files', p_id, 'file', 'keep-both', 'merged',
      case when v_file.base_sha256 is not null then jsonb_build_object('sha256', v_file.base_sha256) end,
      jsonb_build_object(
        'bucket', v_file.bucket, 'name', v_file.name, 'size', v_file.clinic_size, 'sha256', v_file.clinic_sha256),
      jsonb_build_object(
        'bucket', v_file.bucket, 'name', v_file.name, 'size', v_file.cloud_size, 'sha256', p_cloud_sha256),
      jsonb_build_object(
        'bucket', v_file.bucket, 'name', v_file.name, 'clinic_name', v_name, 'clinic_local_name', p_local_name),
      v_file.cloud_at, now(), 'keep-both', 'merged')
    returning id into conflict;
  end if;

  update _sync_files f
  set clinic_sha256 = null,
      clinic_md5 = null,
      clinic_size = null,
      clinic_modified = null,
      base_sha256 = null,
      base_version = null,
      attempts = 0,
      next_attempt_at = null,
      code = null
  where f.id = p_id;

  insert into _sync_files (bucket, name, local_name, clinic_size, clinic_modified, clinic_sha256, clinic_md5)
  values (v_file.bucket, v_name, sync_keep_both_files.local_name, v_file.clinic_size, p_modified, v_file.clinic_sha256, v_file.clinic_md5)
  on conflict (bucket, name) do nothing;
end
$$;
