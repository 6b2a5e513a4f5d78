-- Rows that refer to a row whose insert the cloud refuses wait with it: they are not asked for, and count no try.
-- Run by Flyway at init; called by sync_claim and sync_refuse.

-- Whether a row is not in the cloud because the cloud refuses its insert, or because that waits for such a row.
create or replace function sync_is_refused_insert(p_table text, p_id uuid)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select exists (
    select
    from (
      select p.base, p.operation, p.retry_count, p.waits_id
      from _sync_pending p
      where p.table_name = p_table
        and p.record_id = p_id
        and not p.synced
      order by p.id
      limit 1
    ) f
    where f.operation = 'INSERT'
      and f.base is null
      and (f.retry_count > 0 or f.waits_id is not null)
  )
$$;

-- The rows that must be in the cloud before this one can be inserted, as far as they are not: its own references, and
-- those of the inserts among them.
create or replace function sync_needed(p_table text, p_id uuid)
returns table (table_name text, record_id uuid)
language sql
stable
set search_path = public, pg_temp
as $$
  with recursive reference as materialized (
    select r.table_name, r.column_name, r.parent_table from _sync_reference r
  ),
  needed (table_name, record_id, depth) as (
    select p_table, p_id, 0
    union
    select r.parent_table, case when r.table_name = n.table_name then (i.data ->> r.column_name)::uuid end, 1
    from needed n
    cross join lateral sync_net(n.table_name, n.record_id) i
    join reference r on r.table_name = n.table_name
    where i.base is null
      and i.last_operation <> 'DELETE'
      and i.data ->> r.column_name is not null
  )
  select n.table_name, n.record_id
  from needed n
  where n.depth > 0
$$;

-- Lets go what need not wait any more, and looks anew at rows that were changed meanwhile; then notes what has to wait.
-- Quarantined rows have their own next attempt. Of rows that refer to each other in a circle none waits for another.
create or replace function sync_park(p_rows integer)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if not exists (select from _sync_pending p where not p.synced and p.retry_count > 0)
    and not exists (select from _sync_pending p where not p.synced and p.waits_id is not null)
  then
    return;
  end if;

  loop
    update _sync_pending p
    set waits_table = null,
        waits_id = null,
        error = null,
        next_attempt_at = null
    from (
      select distinct w.waits_table, w.waits_id
      from _sync_pending w
      where not w.synced
        and w.waits_id is not null
        and not exists (
          select
          from _sync_pending x
          where x.table_name = w.waits_table
            and x.record_id = w.waits_id
            and x.waits_id is not null
            and not x.synced
        )
    ) w
    where p.waits_table = w.waits_table
      and p.waits_id = w.waits_id
      and not p.synced
      and not sync_is_refused_insert(w.waits_table, w.waits_id);
    exit when not found;
  end loop;
  update _sync_pending p
  set waits_table = null,
      waits_id = null
  from sync_due(p_rows) d
  where p.table_name = d.table_name
    and p.record_id = d.record_id
    and not p.synced
    and exists (
      select
      from _sync_pending w
      where w.table_name = d.table_name
        and w.record_id = d.record_id
        and w.waits_id is not null
        and not w.synced
    );

  loop
    with reference as materialized (
      select r.table_name, r.column_name, r.parent_table from _sync_reference r
    ),
    due as materialized (
      select d.table_name, d.record_id, n.base is null as is_insert, n.data
      from sync_due(p_rows) d
      cross join lateral sync_net(d.table_name, d.record_id) n
      where n.last_operation <> 'DELETE'
        and not exists (
          select
          from _sync_quarantine q
          where q.direction = 'UP'
            and q.table_name = d.table_name
            and q.record_id = d.record_id
        )
    ),
    link as materialized (
      select d.table_name, d.record_id, d.is_insert, r.parent_table, d.data ->> r.column_name as parent_id
      from due d
      join reference r on r.table_name = d.table_name
      where d.data ->> r.column_name is not null
        and (r.parent_table, d.data ->> r.column_name) <> (d.table_name, d.record_id::text)
    ),
    candidate as materialized (
      select l.table_name, l.record_id, l.is_insert, l.parent_table, p.record_id as parent_id, p.waits
      from link l
      cross join lateral (
        select p.record_id, p.waits_id is not null as waits
        from _sync_pending p
        where p.table_name = l.parent_table
          and p.record_id = l.parent_id::uuid
          and p.operation = 'INSERT'
          and (p.retry_count > 0 or p.waits_id is not null)
          and not p.synced
        limit 1
      ) p
    ),
    parent as materialized (
      select c.parent_table, c.parent_id, c.waits
      from (select distinct c.parent_table, c.parent_id, c.waits from candidate c) c
      where sync_is_refused_insert(c.parent_table, c.parent_id)
    ),
    needed as materialized (
      select p.parent_table, p.parent_id, n.table_name, n.record_id
      from parent p
      cross join lateral sync_needed(p.parent_table, p.parent_id) n
      where not p.waits
    )
    update _sync_pending p
    set waits_table = w.parent_table,
        waits_id = w.parent_id,
        error = format('waits for %s %s, which the cloud does not take', w.parent_table, w.parent_id)
    from (
      select distinct on (c.table_name, c.record_id) c.*
      from candidate c
      join parent using (parent_table, parent_id, waits)
      where not c.is_insert
        or not exists (
          select
          from needed n
          where (n.parent_table, n.parent_id) = (c.parent_table, c.parent_id)
            and (n.table_name, n.record_id) = (c.table_name, c.record_id)
        )
    ) w
    where p.table_name = w.table_name
      and p.record_id = w.record_id
      and not p.synced;
    exit when not found;
  end loop;
end
$$;
