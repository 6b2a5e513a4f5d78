-- Where a table's down pass starts and how it ends: first load, cursor, rows to visit again, errors.
-- Run by Flyway at init; called by the steps 'start', 'metadata' and the failure rules of the down routes.
--
-- p_fed: whether the cloud's feed tells the changes of the table. Then the pass is over the rows to visit alone, and a first
-- load waits until the feed has begun, which tells what changes meanwhile.
create or replace function sync_start_pass(
  p_table text,
  p_cloud_now timestamptz,
  p_fed boolean,
  out active boolean,
  out parts text,
  out loaded boolean,
  out cursor_stamp text,
  out cursor_id text,
  out cloud_filter text,
  out visit text,
  out fed boolean,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if not p_fed then
    perform sync_leave_feed(array[p_table]);
  end if;
  update _sync_metadata m
  set load_started_at = p_cloud_now
  where m.table_name = p_table
    and m.load_started_at is null
    and m.active
    and not (p_fed and m.fed_since is null and sync_may_be_fed(m));

  insert into _sync_load (table_name, from_id)
  select m.table_name, '00000000-0000-0000-0000-000000000000'
  from _sync_metadata m
  where m.table_name = p_table
    and m.load_started_at is not null
    and m.loaded_at is null
    and m.direction <> 'up'
    and not exists (select from _sync_load l where l.table_name = p_table);

  select
    m.active and m.direction <> 'up' and m.guard is distinct from 'older-cloud' and m.load_started_at is not null,
    m.loaded_at is not null,
    sync_stamp(coalesce(m.cursor_stamp, m.load_started_at)),
    coalesce(m.cursor_id, '00000000-0000-0000-0000-000000000000')::text,
    m.cloud_filter,
    m.fed_alone,
    clock_timestamp()::text
  into active, loaded, cursor_stamp, cursor_id, cloud_filter, fed, clock
  from _sync_metadata m
  where m.table_name = p_table;

  parts := (
    select string_agg(format('%s/%s/%s', l.from_id, l.after_id, l.until_id), ',' order by l.from_id)
    from _sync_load l
    where l.table_name = p_table
  );
  visit := (
    select string_agg(v.record_id::text, ',' order by v.record_id)
    from (
      (
        select r.record_id
        from _sync_revisit r
        where r.table_name = p_table
          and not sync_waits(p_table, r.record_id)
        order by r.noted_at
        limit 5000
      )
      union
      (
        select q.record_id
        from _sync_quarantine q
        where q.table_name = p_table
          and q.direction = 'DOWN'
          and q.given_up_at is null
        order by q.last_at
        limit 1000
      )
    ) v
  );
  active := coalesce(active, false) and not (fed and loaded and visit is null);
end
$$;

-- Whether a row has a change of the clinic's that is not in the cloud.
create or replace function sync_waits(p_table text, p_id uuid)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select exists (
    select
    from _sync_pending p
    where p.table_name = p_table
      and p.record_id = p_id
      and not p.synced
  )
$$;

-- p_loaded: whether all parts of a first load were read; where it is to be made anew since, they are gone.
-- p_visit: the ids that were visited since p_clock; those that the cloud no longer has need no further visit. A pass that
-- began after the feed's was the last one by stamps.
create or replace function sync_end_pass(p_table text, p_loaded boolean, p_visit text, p_clock timestamptz)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_visit uuid[] := string_to_array(nullif(p_visit, ''), ',')::uuid[];
  v_loaded boolean := p_loaded and exists (select from _sync_load l where l.table_name = p_table);
begin
  perform sync_require_tenure(p_clock);
  delete from _sync_revisit r
  where r.table_name = p_table
    and r.record_id = any (v_visit)
    and r.noted_at < p_clock
    and not sync_waits(p_table, r.record_id);
  delete from _sync_quarantine q
  where q.direction = 'DOWN'
    and q.table_name = p_table
    and q.record_id = any (v_visit)
    and q.last_at < p_clock;

  update _sync_metadata m
  set last_sync_from_supabase = case when m.fed_alone and m.loaded_at is not null then m.last_sync_from_supabase else now() end,
      last_error = null,
      errors_in_row = 0,
      failing_since = null,
      fed_alone = m.fed_alone or m.loaded_at is not null and coalesce(m.fed_since < p_clock, false),
      loaded_at = case when v_loaded then coalesce(m.loaded_at, now()) else m.loaded_at end,
      refill_columns = case when v_loaded then null else m.refill_columns end,
      reloading = m.reloading and not v_loaded,
      restored = m.restored and not v_loaded,
      updated_at = now()
  where m.table_name = p_table;
  if v_loaded then
    delete from _sync_load where table_name = p_table;
  end if;
end
$$;

create or replace function sync_fail(p_direction text, p_table text, p_error text)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  update _sync_metadata
  set last_error = p_error,
      errors_in_row = errors_in_row + 1,
      failing_since = coalesce(failing_since, now()),
      updated_at = now()
  where table_name = p_table;
  insert into _sync_log (direction, table_name, records_affected, status, error_message)
  values (p_direction, p_table, 0, 'ERROR', p_error);
end
$$;

-- A stamp as it stands in a query to PostgREST: in UTC, with all its microseconds.
create or replace function sync_stamp(p_stamp timestamptz)
returns text
language sql
stable
as $$
  select case
    when isfinite(p_stamp) then to_char(p_stamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    else p_stamp::text
  end
$$;
