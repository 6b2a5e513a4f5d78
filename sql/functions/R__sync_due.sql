-- The rows whose changes are sent next: those of the oldest changes, and a share for the newest ones, so that what is
-- done now need not wait for a week's backlog.
-- Run by Flyway at init; called by sync_claim and sync_park.

-- Whether the tables of a database that was put back from a backup are being read from the cloud. One that fails again and
-- again holds up its own changes alone.
create or replace function sync_is_reconciling()
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select exists (
    select
    from _sync_metadata m
    where m.restored
      and m.active
      and m.errors_in_row < 3
      and m.guard is distinct from 'older-cloud'
  )
$$;

-- Pending changes that go up, except of rows whose conflict waits for a person.
create or replace view _sync_unsent as
select
  p.id,
  p.table_name::text as table_name,
  p.record_id,
  p.operation,
  p.retry_count,
  p.waits_table,
  p.waits_id,
  -- nothing is put off for longer than an hour: what is was noted under a wrong clock
  coalesce(p.next_attempt_at between statement_timestamp() and statement_timestamp() + interval '1 hour', false) as is_put_off,
  m.cloud_columns is not null as is_known
from _sync_pending p
join _sync_metadata m on m.table_name = p.table_name
where not p.synced
  and not exists (
    select
    from _sync_pending h
    where h.table_name = p.table_name
      and h.record_id = p.record_id
      and h.conflict_id is not null
      and not h.synced
  )
  and m.active
  and m.direction <> 'down'
  and not m.restored
  and not (select sync_is_reconciling()) -- asked once, not for each change
  and (m.loaded_at is not null or m.direction = 'up' or not p.preexisting);

-- Those that may be sent now.
create or replace view _sync_ready as
select u.id, u.table_name, u.record_id, u.operation, u.retry_count
from _sync_unsent u
where u.waits_id is null
  and not u.is_put_off
  and u.is_known;

-- The single columns by which one synced table refers to the id of another.
create or replace view _sync_reference as
select
  m.table_name::text as table_name,
  a.attname::text as column_name,
  pm.table_name::text as parent_table,
  c.confdeltype not in ('a', 'r') as is_taken_along -- or set, by a delete of the row that it refers to
from pg_constraint c
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
join pg_attribute k on k.attrelid = c.confrelid and k.attnum = c.confkey[1] and k.attname = 'id'
join _sync_metadata m on to_regclass(format('public.%I', m.table_name)) = c.conrelid
join _sync_metadata pm on to_regclass(format('public.%I', pm.table_name)) = c.confrelid
where c.contype = 'f'
  and cardinality(c.conkey) = 1;

-- The net change of a row, if it has one: the last content, the first base.
create or replace function sync_net(p_table text, p_id uuid)
returns table (data jsonb, base jsonb, last_operation text)
language sql
stable
as $$
  select
    (array_agg(p.data order by p.id desc))[1],
    (array_agg(p.base order by p.id))[1],
    (array_agg(p.operation order by p.id desc))[1]
  from _sync_pending p
  where p.table_name = p_table
    and p.record_id = p_id
    and not p.synced
  having count(*) > 0
$$;

-- The rows of the newest changes, each with the new rows that it refers to as far as the cloud lacks them. What may meet
-- something older in its way keeps its turn: deletes, what was refused before, what refers to a row that cannot be sent.
-- In PL/pgSQL, so that the planner knows how few these are, and does not read all that wait.
create or replace function sync_early(p_changes integer)
returns table (table_name text, record_id uuid)
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  return query
  with recursive reference as materialized (
    select r.table_name, r.column_name, r.parent_table from _sync_reference r
  ),
  newest as materialized (
    select distinct n.table_name, n.record_id
    from (
      select c.table_name, c.record_id
      from _sync_ready c
      where c.retry_count = 0
        and c.operation <> 'DELETE'
      order by c.id desc
      limit p_changes
    ) n
  ),
  needed (root_table, root_id, table_name, record_id, depth, is_blocked) as (
    select n.table_name, n.record_id, n.table_name, n.record_id, 0, s.last_operation = 'DELETE'
    from newest n
    cross join lateral sync_net(n.table_name, n.record_id) s
    union
    select
      n.root_table,
      n.root_id,
      r.parent_table,
      (o.data ->> r.column_name)::uuid,
      n.depth + 1,
      n.depth > 6
        or not exists (
          select
          from _sync_ready c
          where c.table_name = r.parent_table
            and c.record_id = (o.data ->> r.column_name)::uuid
        )
    from needed n
    cross join lateral sync_net(n.table_name, n.record_id) o
    join reference r on r.table_name = n.table_name
    cross join lateral sync_net(r.parent_table, (o.data ->> r.column_name)::uuid) s
    where not n.is_blocked
      and s.base is null
      and (r.parent_table, o.data ->> r.column_name) <> (n.table_name, n.record_id::text)
  ),
  root as (
    select n.root_table, n.root_id
    from needed n
    group by n.root_table, n.root_id
    having not bool_or(n.is_blocked)
  )
  select distinct n.table_name, n.record_id
  from needed n
  join root using (root_table, root_id);
end
$$;

-- A row is early where it goes before its turn.
drop function if exists sync_due(integer);
create function sync_due(p_rows integer)
returns table (table_name text, record_id uuid, early boolean)
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_newest integer := least(p_rows / 5, 200);
begin
  return query
  with oldest as materialized (
    select c.table_name, c.record_id
    from _sync_ready c
    order by c.id
    limit p_rows - v_newest
  ),
  taken as (
    select o.table_name, o.record_id, false as early
    from oldest o
    union all
    select e.table_name, e.record_id, true
    from sync_early(v_newest) e
    where (select count(*) from oldest) >= 4 * v_newest
  )
  select t.table_name, t.record_id, bool_or(t.early)
  from taken t
  group by t.table_name, t.record_id;
end
$$;
