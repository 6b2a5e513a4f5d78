-- What the console shows beside the status.
-- Run by Flyway at init; called by the beans of the routes in console.camel.yaml.
--
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

-- Notes how the line is: a row for each change, and each minute the sign that it is still so. What was before lasted until then.
create or replace function sync_note_line(p_mode text, p_reason text, p_open boolean, p_since timestamptz)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_line b
  set seen_at = p_since
  where b.at = (select max(l.at) from _sync_line l where l.at < p_since)
    and b.seen_at < p_since
    and b.seen_at > p_since - interval '90 seconds';
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
