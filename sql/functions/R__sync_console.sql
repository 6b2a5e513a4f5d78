-- What the console shows beside the status, and what a person does there.
-- Run by Flyway at init; called by the beans of the routes in console.camel.yaml. Row contents leave through sync_quarantined_row alone.
--
-- Rows that one side refuses now, those that were given up last, the oldest first.
create or replace function sync_list_quarantine(p_rows integer)
returns table (
  id bigint,
  direction text,
  table_name text,
  record_id uuid,
  code text,
  reason text,
  attempts integer,
  first_at timestamptz,
  last_at timestamptz,
  next_attempt_at timestamptz,
  given_up_at timestamptz,
  given_up_by text,
  given_up_reason text
)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    q.id, q.direction, q.table_name, q.record_id, q.code, q.reason, q.attempts, q.first_at, q.last_at, q.next_attempt_at,
    q.given_up_at, q.given_up_by, q.given_up_reason
  from _sync_quarantine q
  order by q.given_up_at is not null, q.first_at, q.id
  limit p_rows
$$;

-- A refused row, column by column in the order of its table.
create or replace function sync_quarantined_row(p_id bigint)
returns table (table_name text, record_id uuid, name text, value text)
language sql
stable
set search_path = public, pg_temp
as $$
  select q.table_name, q.record_id, c.key, c.value::text
  from _sync_quarantine q
  left join lateral jsonb_each(case when jsonb_typeof(q.data) = 'object' then q.data end) c on true
  left join pg_attribute a
    on a.attrelid = to_regclass(format('public.%I', q.table_name))
    and a.attname = c.key
  where q.id = p_id
  order by a.attnum nulls last, c.key
$$;

-- Has a refused row tried again: up at once, down with the next pass of its table. Returns the table, null where there is no such row.
create or replace function sync_try_again(p_id bigint)
returns text
language sql
set search_path = public, pg_temp
as $$
  with refused as (
    update _sync_quarantine q
    set next_attempt_at = null,
        given_up_at = null,
        given_up_by = null,
        given_up_reason = null
    where q.id = p_id
    returning q.direction, q.table_name, q.record_id
  ),
  due as (
    update _sync_pending p
    set next_attempt_at = null,
        given_up = false
    from refused r
    where r.direction = 'UP'
      and p.table_name = r.table_name
      and p.record_id = r.record_id
      and not p.synced
  )
  select r.table_name from refused r
$$;

-- Has a refused row no longer tried: nothing of it is deleted or changed on either side. Returns 'given-up', 'already', or
-- 'missing' where there is no such row.
create or replace function sync_give_up(p_id bigint, p_by text, p_reason text)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_refused _sync_quarantine;
begin
  select q.* into v_refused from _sync_quarantine q where q.id = p_id for update;
  if not found then
    return 'missing';
  elsif v_refused.given_up_at is not null then
    return 'already';
  end if;

  update _sync_quarantine q
  set given_up_at = now(),
      given_up_by = p_by,
      given_up_reason = p_reason,
      next_attempt_at = null
  where q.id = p_id;
  update _sync_pending p
  set given_up = true
  where v_refused.direction = 'UP'
    and p.table_name = v_refused.table_name
    and p.record_id = v_refused.record_id
    and p.id <= v_refused.pending_id
    and not p.synced;
  return 'given-up';
end
$$;

-- Reads all rows of a table from the cloud again and compares them by content; rows of the clinic with a pending change stay
-- as they are, and what the cloud no longer has is looked for afterwards. 'missing': not synced; 'loading': under way already.
create or replace function sync_reload_table(p_table text)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_table _sync_metadata;
begin
  select m.* into v_table from _sync_metadata m where m.table_name = p_table and m.active for update;
  if not found or v_table.direction = 'up' then
    return 'missing';
  elsif v_table.loaded_at is null then
    return 'loading';
  end if;
  update _sync_metadata m
  set loaded_at = null,
      load_after = null,
      load_rows = 0,
      refill_columns = coalesce(m.refill_columns, '{}'),
      compare_due_at = now()
  where m.table_name = p_table;
  return 'begun';
end
$$;

-- What a table did in each of the last hours: rows in both directions, and failures.
create or replace function sync_table_history(p_table text, p_hours integer)
returns table (hour timestamptz, rows_down bigint, rows_up bigint, errors bigint)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    h.hour,
    coalesce(sum(l.records_affected) filter (where l.direction = 'DOWN'), 0),
    coalesce(sum(l.records_affected) filter (where l.direction = 'UP'), 0),
    count(l.id) filter (where l.status = 'ERROR')
  from generate_series(
    date_trunc('hour', now()) - make_interval(hours => p_hours - 1), date_trunc('hour', now()), interval '1 hour') h (hour)
  left join _sync_log l
    on l.table_name = p_table
    and l.created_at >= h.hour
    and l.created_at < h.hour + interval '1 hour'
  group by h.hour
  order by h.hour
$$;

-- Rows that came down since a time, of all tables.
create or replace function sync_rows_down_since(p_since timestamptz)
returns bigint
language sql
stable
set search_path = public, pg_temp
as $$
  select coalesce(sum(l.records_affected), 0)
  from _sync_log l
  where l.direction = 'DOWN'
    and l.created_at >= p_since
$$;

-- Notes how the line is: a row for each change, and the sign that it is still so.
create or replace function sync_note_line(p_mode text, p_reason text, p_open boolean, p_since timestamptz)
returns void
language sql
set search_path = public, pg_temp
as $$
  insert into _sync_line as l (at, mode, reason, open, seen_at)
  values (p_since, p_mode, p_reason, p_open, greatest(now(), p_since))
  on conflict (at) do update
  set mode = excluded.mode,
      reason = excluded.reason,
      open = excluded.open,
      seen_at = excluded.seen_at
$$;

-- How the line was since a time, in stretches; time in which no service ran is in none of them.
create or replace function sync_line_since(p_since timestamptz)
returns table (begun_at timestamptz, ended_at timestamptz, mode text, reason text, open boolean)
language sql
stable
set search_path = public, pg_temp
as $$
  select greatest(l.at, p_since), l.seen_at, l.mode, l.reason, l.open
  from _sync_line l
  where l.seen_at > p_since
  order by l.at
$$;

-- Who looked at rows and who did what, the newest first.
create or replace function sync_list_audit(p_rows integer)
returns setof _sync_audit
language sql
stable
set search_path = public, pg_temp
as $$
  select a.*
  from _sync_audit a
  order by a.id desc
  limit p_rows
$$;
