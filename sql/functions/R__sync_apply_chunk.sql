-- Applies rows of the cloud to a clinic table: lock, test, write, cursor, counters and log in one transaction.
-- Run by Flyway at init; called by the step 'upsert' of every table's down route.
--
-- p_kind: 'load' (a page by id), 'pass' (a page by stamp), 'visit' (rows asked for by id), 'keys' (ids and stamps
-- alone of a whole page, to be told in left_out how many of their rows are wanted; the cursor moves when none is) or
-- 'feed' (rows that the cloud's feed told to have changed, compared by content; it tells each change once, so that what
-- is left out is marked for a visit).
-- p_asked_at: the clinic database's time before the page was asked for.
-- p_cloud_now: the cloud's time when it answered; the cursor never passes it.
-- p_ids, p_stamps, p_columns: what p_rows holds, of each row and of the first one, from who has read it already.
-- p_part: which part of a first load the page is of; p_bounds: where the part is to be cut behind the page.
create or replace function sync_apply_chunk(
  p_table text,
  p_kind text,
  p_rows json,
  p_asked_at timestamptz,
  p_cloud_now timestamptz,
  p_ids uuid[] default null,
  p_stamps timestamptz[] default null,
  p_columns text[] default null,
  p_part uuid default null,
  p_bounds uuid[] default null,
  out applied integer,
  out unchanged integer,
  out left_out integer,
  out quarantined integer,
  out last_stamp text,
  out last_id text,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_started timestamptz := clock_timestamp();
  v_ids uuid[] := p_ids;
  v_stamps timestamptz[] := p_stamps;
  v_locked uuid[] := '{}';
  v_present uuid[] := '{}';
  v_present_stamps timestamptz[] := '{}';
  v_same uuid[];
  v_differing uuid[];
  v_busy uuid[];
  v_pending uuid[];
  v_update uuid[];
  v_insert uuid[];
  v_written uuid[];
begin
  perform sync_require_tenure(p_asked_at);
  if v_ids is null then
    select coalesce(array_agg(r.id), '{}'), coalesce(array_agg(r.updated_at), '{}')
    into v_ids, v_stamps
    from json_to_recordset(p_rows) as r (id uuid, updated_at timestamptz);
  end if;
  last_stamp := sync_stamp(v_stamps[cardinality(v_stamps)]);
  last_id := v_ids[cardinality(v_ids)]::text;

  if p_kind = 'keys' then
    applied := 0;
    quarantined := 0;
    left_out := sync_count_wanted(p_table, v_ids, v_stamps);
    unchanged := cardinality(v_ids) - left_out;
    if left_out = 0 then
      perform sync_advance_cursor(p_table, v_ids, v_stamps, p_cloud_now);
    end if;
    clock := clock_timestamp()::text;
    return;
  end if;

  perform sync_begin_write();
  perform set_config('synchronous_commit', 'off', true);

  if sync_has_among(p_table, v_ids) then
    v_locked := sync_lock_rows(p_table, v_ids);

    -- From here on every statement sees what was committed before the locks were had.
    perform sync_drop_equal_marks(p_table, p_rows, v_locked);
    perform sync_keep_own_values(p_table, p_rows, v_locked);
    execute format(
      'select coalesce(array_agg(t.id), ''{}''), coalesce(array_agg(t.updated_at), ''{}'') from public.%I t where t.id = any ($1)',
      p_table)
    into v_present, v_present_stamps
    using v_ids;
  end if;

  select coalesce(array_agg(p.record_id), '{}')
  into v_pending
  from (
    select distinct p.record_id
    from _sync_pending p
    where p.table_name = p_table
      and p.record_id = any (v_ids)
      and not p.synced
  ) p;

  v_differing := sync_differing(
    p_table,
    p_rows,
    array(
      select i.id
      from unnest(v_ids, v_stamps) as i (id, stamp)
      where i.stamp is null
        or p_kind = 'feed'
        or p_kind = 'load' and exists (select from _sync_metadata m where m.table_name = p_table and m.refill_columns is not null)
        or p_kind = 'visit' and exists (
          select from _sync_revisit r where r.table_name = p_table and r.record_id = i.id and r.by_content
        )
    ));

  select
    coalesce(array_agg(i.id) filter (where s.state = 'busy'), '{}'),
    coalesce(array_agg(i.id) filter (where s.state = 'same'), '{}'),
    coalesce(array_agg(i.id) filter (where s.state = 'update'), '{}'),
    coalesce(array_agg(i.id) filter (where s.state = 'insert'), '{}')
  into v_busy, v_same, v_update, v_insert
  from unnest(v_ids, v_stamps) as i (id, stamp)
  left join unnest(v_present, v_present_stamps) as t (id, stamp) on t.id = i.id
  left join unnest(v_locked) as l (id) on l.id = i.id
  left join unnest(v_pending) as p (id) on p.id = i.id
  left join (
    select distinct u.record_id as id
    from _sync_pending u
    where u.synced
      and u.synced_at >= p_asked_at
      and u.table_name = p_table
  ) as pushed on pushed.id = i.id
  cross join lateral (
    select case
      when p.id is not null then 'pending'
      when t.id is not null and l.id is null then 'busy'
      when p_kind = 'feed' and t.stamp is not distinct from i.stamp and i.id <> all (v_differing) and t.id is not null
        then 'same'
      when pushed.id is not null then 'busy'
      when t.id is null then 'insert'
      when t.stamp is not distinct from i.stamp and i.id <> all (v_differing) then 'same'
      else 'update'
    end as state
  ) s;

  v_written := sync_write_or_quarantine(p_table, p_rows, v_update, v_insert, p_columns);

  applied := cardinality(v_written);
  unchanged := cardinality(v_same);
  left_out := cardinality(v_busy) + cardinality(v_pending);
  quarantined := (
    select count(*)
    from _sync_quarantine q
    where q.direction = 'DOWN'
      and q.table_name = p_table
      and q.record_id = any (v_update || v_insert)
      and q.record_id <> all (v_written)
  );

  perform sync_note_chunk(
    p_table, p_kind, v_started, p_asked_at, p_cloud_now, v_ids, v_stamps, p_part, p_bounds, v_written, v_same, quarantined);
  insert into _sync_revisit as r (table_name, record_id, by_content)
  select p_table, b.id, p_kind = 'feed'
  from (
    select unnest(v_busy) as id
    union
    select unnest(v_pending)
    where p_kind = 'feed'
    union
    select unnest(v_insert)
    except
    select unnest(v_written)
    except
    select q.record_id from _sync_quarantine q where q.direction = 'DOWN' and q.table_name = p_table
  ) b
  on conflict (table_name, record_id) do update
  set noted_at = now(),
      by_content = r.by_content or excluded.by_content;
  clock := clock_timestamp()::text;
end
$$;

-- Notes what became of a chunk: what stands now is neither quarantined nor to be visited; load, cursor, counters, log.
create or replace function sync_note_chunk(
  p_table text,
  p_kind text,
  p_started timestamptz,
  p_asked_at timestamptz,
  p_cloud_now timestamptz,
  p_ids uuid[],
  p_stamps timestamptz[],
  p_part uuid,
  p_bounds uuid[],
  p_written uuid[],
  p_same uuid[],
  p_quarantined integer
)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  delete from _sync_quarantine q
  where q.direction = 'DOWN'
    and q.table_name = p_table
    and q.record_id = any (p_written || p_same);
  delete from _sync_revisit r
  where r.table_name = p_table
    and r.record_id = any (p_written || p_same)
    and r.noted_at < p_asked_at;

  if p_kind = 'load' then
    perform sync_advance_load(p_table, p_part, p_ids[cardinality(p_ids)], cardinality(p_ids), p_bounds);
  elsif p_kind = 'pass' then
    perform sync_advance_cursor(p_table, p_ids, p_stamps, p_cloud_now);
  end if;
  perform sync_note_applied(p_table, p_started, cardinality(p_written), p_quarantined);
end
$$;

-- Counts the rows of a chunk that were written, and logs it.
create or replace function sync_note_applied(p_table text, p_started timestamptz, p_applied integer, p_quarantined integer)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if p_applied > 0 then
    update _sync_metadata
    set records_synced_down = coalesce(records_synced_down, 0) + p_applied,
        updated_at = now()
    where table_name = p_table;
  end if;
  if p_applied + p_quarantined > 0 then
    insert into _sync_log (direction, table_name, records_affected, status, error_message, duration_ms)
    values (
      'DOWN',
      p_table,
      p_applied,
      case when p_quarantined > 0 then 'PARTIAL' else 'SUCCESS' end,
      case when p_quarantined > 0 then format('%s rows quarantined', p_quarantined) end,
      extract(epoch from clock_timestamp() - p_started) * 1000
    );
  end if;
end
$$;

-- How many of these versions the clinic has neither mirrored nor changed itself.
create or replace function sync_count_wanted(p_table text, p_ids uuid[], p_stamps timestamptz[])
returns integer
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_wanted integer;
begin
  execute format(
    $sql$
      select count(*)
      from unnest($1, $2) as i (id, stamp)
      where not exists (select from public.%I t where t.id = i.id and t.updated_at = i.stamp)
        and not exists (
          select from _sync_pending p where p.table_name = $3 and p.record_id = i.id and not p.synced
        )
    $sql$, p_table)
  into v_wanted
  using p_ids, p_stamps, p_table;
  return v_wanted;
end
$$;

-- Moves the resume point of a part of a first load, and cuts the part where it is to be read by several streams from here on.
drop function if exists sync_advance_load(text, uuid, uuid[], uuid[]);
create or replace function sync_advance_load(p_table text, p_part uuid, p_after uuid, p_rows integer, p_bounds uuid[])
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_until uuid;
begin
  update _sync_load l
  set after_id = p_after
  where l.table_name = p_table
    and l.from_id = p_part
  returning l.until_id into v_until;
  if not found then
    return;
  end if;
  update _sync_metadata m
  set load_rows = m.load_rows + p_rows
  where m.table_name = p_table;

  if cardinality(p_bounds) > 0 then
    update _sync_load l
    set until_id = p_bounds[1]
    where l.table_name = p_table
      and l.from_id = p_part;
    insert into _sync_load (table_name, from_id, until_id)
    select p_table, b.id, coalesce(lead(b.id) over (order by b.id), v_until)
    from unnest(p_bounds) as b (id)
    on conflict (table_name, from_id) do nothing;
  end if;
end
$$;

-- Moves the cursor of a table; never back, never past the cloud's clock.
drop function if exists sync_advance_cursor(text, text, uuid[], timestamptz[], timestamptz, integer);
create or replace function sync_advance_cursor(p_table text, p_ids uuid[], p_stamps timestamptz[], p_cloud_now timestamptz)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_last integer := cardinality(p_ids);
  v_stamp timestamptz := least(p_stamps[v_last], p_cloud_now);
  v_id uuid :=
    case when p_stamps[v_last] <= p_cloud_now then p_ids[v_last] else '00000000-0000-0000-0000-000000000000' end;
begin
  update _sync_metadata
  set cursor_stamp = v_stamp,
      cursor_id = v_id
  where table_name = p_table
    and v_last > 0
    and (cursor_stamp is null or (cursor_stamp, cursor_id) < (v_stamp, v_id));
end
$$;

-- A row that the clinic had before sync and that equals the cloud's needs no mark: it is the cloud's row.
create or replace function sync_drop_equal_marks(p_table text, p_rows json, p_locked uuid[])
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_unsent text[];
begin
  if not exists (select from _sync_pending where table_name = p_table and not synced and preexisting) then
    return;
  end if;
  v_unsent := sync_unsent_columns(p_table);
  update _sync_pending p
  set synced = true,
      synced_at = p.created_at,
      error = null
  from json_array_elements(p_rows) e
  where p.table_name = p_table
    and p.record_id = (e ->> 'id')::uuid
    and p.record_id = any (p_locked)
    and not p.synced
    and p.preexisting
    and p.conflict_id is null
    and not exists (
      select
      from _sync_pending o
      where o.table_name = p_table
        and o.record_id = p.record_id
        and o.id <> p.id
        and not o.synced
    )
    and sync_content(p_table, p.data, v_unsent) = sync_content(p_table, e::jsonb, v_unsent);
end
$$;
