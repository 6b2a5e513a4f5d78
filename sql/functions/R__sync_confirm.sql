-- What the cloud answered to sent changes: marks them, writes the cloud's rows back or rebases later changes on them.
-- Run by Flyway at init; called by the up routes after each answer, in one transaction with counters and log.
--
-- Of each row its id, the last pending change that was sent, and what the cloud holds now (json and not jsonb, so that a
-- json column keeps its text; null: no row). p_are_parts: of the rows only what the clinic does not know, as all else is as it
-- was sent; all of them have the same columns. Returns how many rows were confirmed; those that an application has locked are
-- confirmed by a later try.
drop function if exists sync_confirm(text, uuid[], bigint[], json[]);
create or replace function sync_confirm(
  p_table text,
  p_ids uuid[],
  p_uptos bigint[],
  p_rows json[],
  p_are_parts boolean default false
)
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_started timestamptz := clock_timestamp();
  v_locked uuid[];
  v_busy uuid[] := '{}';
  v_sent bigint[];
  v_later uuid[];
  v_rows json;
  v_ids uuid[];
  v_uptos bigint[];
  v_written json[];
  v_outcome record;
  v_confirmed integer;
  v_clears_the_way boolean;
begin
  perform sync_begin_write();
  v_locked := sync_lock_rows(p_table, p_ids);
  if cardinality(v_locked) < cardinality(p_ids) then
    execute format(
      'select coalesce(array_agg(t.id), ''{}'') from public.%I t where t.id = any ($1) and t.id <> all ($2)', p_table)
    into v_busy
    using p_ids, v_locked;
    update _sync_pending p
    set next_attempt_at = clock_timestamp() + interval '2 seconds'
    where p.table_name = p_table
      and p.record_id = any (v_busy)
      and not p.synced;
  end if;

  -- Of each row by itself (offset 0), and then by key alone: the planner, which may know of few pending changes or none,
  -- would read all of them each time.
  select
    coalesce(array_agg(w.id) filter (where w.id <= o.upto and o.id <> all (v_busy)), '{}'),
    coalesce(array_agg(distinct o.id) filter (where w.id > o.upto), '{}')
  into v_sent, v_later
  from unnest(p_ids, p_uptos) as o (id, upto)
  cross join lateral (
    select p.id
    from _sync_pending p
    where p.table_name = p_table
      and p.record_id = o.id
      and not p.synced
    offset 0
  ) w;
  with marked as (
    update _sync_pending p
    set synced = true,
        synced_at = clock_timestamp(),
        error = null,
        next_attempt_at = null
    where p.id = any (v_sent)
      and coalesce(not p.synced, false)
    returning p.retry_count > 0 or p.singly as was_in_the_way
  )
  select coalesce(bool_or(m.was_in_the_way), false)
  into v_clears_the_way
  from marked m;

  select json_agg(o.row), array_agg(o.id), array_agg(o.upto), array_agg(o.row)
  into v_rows, v_ids, v_uptos, v_written
  from unnest(p_ids, p_uptos, p_rows) as o (id, upto, row)
  join unnest(v_locked) as k (id) on k.id = o.id
  where o.row is not null
    and o.id <> all (v_later);
  if v_rows is not null and not p_are_parts then
    perform sync_write_or_quarantine(p_table, v_rows, v_ids, '{}', array(select json_object_keys(v_written[1])));
  elsif v_rows is not null then
    begin
      perform sync_write_rows(p_table, v_rows, v_ids, '{}', array(select json_object_keys(v_written[1])));
    exception
      when others then
        if not sync_is_of_the_row(sqlstate) then
          raise;
        end if;
        -- What is put aside is a whole row.
        perform sync_write_or_quarantine(p_table, sync_completed(v_uptos, v_written), v_ids, '{}');
    end;
  end if;

  for v_outcome in
    select o.id, case when p_are_parts then sync_completed(array[o.upto], array[o.row]) -> 0 else o.row end as row
    from unnest(p_ids, p_uptos, p_rows) as o (id, upto, row)
    where o.id = any (v_later)
      and o.id <> all (v_busy)
  loop
    perform sync_rebase(p_table, v_outcome.id, v_outcome.row::jsonb);
  end loop;

  -- What another line is just confirming or refusing is left to it: lines that wait for each other would block.
  if v_clears_the_way then
    update _sync_pending p
    set next_attempt_at = null
    where p.id in (
      select w.id
      from _sync_pending w
      where not w.synced
        and w.retry_count > 0
        and w.code in ('23503', '23505')
        and w.next_attempt_at > clock_timestamp()
      for update skip locked
    );
  end if;

  v_confirmed := cardinality(p_ids) - cardinality(v_busy);
  delete from _sync_quarantine q
  where q.direction = 'UP'
    and q.table_name = p_table
    and q.record_id = any (p_ids)
    and q.record_id <> all (v_busy);
  if v_confirmed > 0 then
    update _sync_metadata
    set records_synced_up = coalesce(records_synced_up, 0) + v_confirmed,
        last_sync_to_supabase = now(),
        updated_at = now()
    where table_name = p_table;
    insert into _sync_log (direction, table_name, records_affected, status, duration_ms)
    values ('UP', p_table, v_confirmed, 'SUCCESS', extract(epoch from clock_timestamp() - v_started) * 1000);
  end if;
  return v_confirmed;
end
$$;

-- Whole rows, of parts and of what the changes sent that these were answered to.
create or replace function sync_completed(p_uptos bigint[], p_parts json[])
returns json
language sql
stable
set search_path = public, pg_temp
as $$
  select json_agg(p.data || o.part::jsonb order by o.place)
  from unnest(p_uptos, p_parts) with ordinality as o (upto, part, place)
  join _sync_pending p on p.id = o.upto
$$;

-- Confirms what a request returned. Returns the ids of sent changes that it did not return: the cloud has another
-- version of these rows.
create or replace function sync_confirm_returned(p_table text, p_changes json, p_returned json)
returns table (record_id text)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_ids uuid[];
  v_uptos bigint[];
  v_rows json[];
  v_missing uuid[];
begin
  with
  change as materialized (
    select
      c.place,
      (c.value ->> 'id')::uuid as id,
      (c.value -> 'pending' ->> -1)::bigint as upto,
      (c.value ->> 'deleted')::boolean as deleted
    from json_array_elements(p_changes) with ordinality as c (value, place)
  ),
  returned as materialized (
    select (r ->> 'id')::uuid as id, r as row
    from json_array_elements(p_returned) r
  )
  select
    array_agg(c.id order by c.place) filter (where r.id is not null),
    array_agg(c.upto order by c.place) filter (where r.id is not null),
    array_agg(case when not c.deleted then r.row end order by c.place) filter (where r.id is not null),
    array_agg(c.id order by c.place) filter (where r.id is null)
  into v_ids, v_uptos, v_rows, v_missing
  from change c
  left join returned r on r.id = c.id;

  if v_ids is not null then
    perform sync_confirm(p_table, v_ids, v_uptos, v_rows);
  end if;
  return query select m::text from unnest(v_missing) m;
end
$$;

-- The same of new rows. Returned are, a hundred together, those that did not come back: they are in the cloud already, in
-- whatever version.
create or replace function sync_confirm_inserted(p_table text, p_changes json, p_returned json)
returns table (ids text, changes text)
language sql
set search_path = public, pg_temp
as $$
  with
  met as materialized (
    select r.record_id, row_number() over () - 1 as place
    from sync_confirm_returned(p_table, p_changes, p_returned) r
  )
  select string_agg(m.record_id, ',' order by m.place), json_agg(c order by m.place)::text
  from met m
  join json_array_elements(p_changes) c on c ->> 'id' = m.record_id
  group by m.place / 100
  order by m.place / 100
$$;

-- Puts the later changes of a row on the version that the cloud returned: what they did not touch takes the cloud's
-- values, in the changes and in the clinic's row; what they did touch stays theirs.
create or replace function sync_rebase(p_table text, p_id uuid, p_row jsonb)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_change record;
  v_state jsonb;
  v_data jsonb;
  v_first boolean := true;
begin
  for v_change in
    select p.id, p.operation, p.base, p.data
    from _sync_pending p
    where p.table_name = p_table
      and p.record_id = p_id
      and not p.synced
    order by p.id
  loop
    if v_first then
      v_state := sync_clinic_row(p_table, p_row, coalesce(v_change.base, v_change.data));
      v_first := false;
    end if;
    v_data := case
      when v_change.operation = 'DELETE' then coalesce(v_state, v_change.data)
      when v_state is null or v_change.base is null then v_change.data
      else v_state || (
        select coalesce(jsonb_object_agg(d.key, d.value), '{}')
        from jsonb_each(v_change.data) d
        where d.value is distinct from v_change.base -> d.key
      )
    end;
    update _sync_pending
    set base = v_state,
        data = v_data,
        retry_count = 0,
        code = null,
        error = null,
        next_attempt_at = null
    where id = v_change.id;
    v_state := case when v_change.operation <> 'DELETE' then v_data end;
  end loop;

  if v_state is not null then
    perform sync_write_or_quarantine(p_table, json_build_array(v_state), array[p_id], '{}');
  end if;
end
$$;
