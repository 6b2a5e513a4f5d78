-- Pending changes as net changes, one for a row, in chunks that can be sent one after another: those of the newest
-- changes first where there is a backlog (see sync_due), then those of the oldest.
-- Run by Flyway at init; called by the polling consumer of the route 'up'.
--
-- Parents before children: inserts by the depth of their table, then updates, then deletes the other way round. Of a
-- row that is sent change by change (singly), as long as no newer change has come since that was decided, the first one alone
-- is taken; one that waits for another (waits_id) is not. Of large rows fewer are taken.
-- p_rows, p_chunk_rows: changes taken and in a chunk; p_bulk: how many times that where a chunk is one request, as inserts
-- are, and other changes of the tables p_pushed (names, with commas between); in a chunk five times at most, so that the line
-- carries one while another is put together. What needs a request for each change ends that: a claim is not to take long.
--
-- A chunk is {table_name, operation, ids, changes, apart, takes_along}; a change is {id, pending, deleted}: what it holds is
-- read when it is sent (sync_claimed). Chunks of one table and operation that stand apart need not wait for each other.
-- takes_along: a delete of such rows might take others along, see sync_referring.
drop function if exists sync_claim(integer, integer, integer, text);
create function sync_claim(p_rows integer, p_chunk_rows integer, p_bulk integer, p_pushed text)
returns table (table_name text, operation text, ids text, changes text, apart boolean, takes_along boolean)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_pushed text[] := string_to_array(p_pushed, ',');
  v_rows integer;
begin
  if p_rows = 0 then
    return;
  end if;
  v_rows := (
    select greatest(p_rows, coalesce(min(o.place) - 1, p_rows * p_bulk))
    from (
      select p.table_name, p.operation, row_number() over (order by p.id) as place
      from _sync_pending p
      where not p.synced
        and p.waits_id is null
      order by p.id
      limit p_rows * p_bulk
    ) o
    where o.operation <> 'INSERT'
      and o.table_name <> all (v_pushed)
  );
  perform sync_park(v_rows);
  return query
  with recursive net as materialized (
    select
      d.table_name,
      d.record_id,
      min(p.id) as first_id,
      d.early,
      case when bool_and(p.singly) then array[min(p.id)] else array_agg(p.id order by p.id) end as pending,
      case when bool_and(p.singly) then min(p.id) else max(p.id) end as last_id,
      case
        when bool_and(p.singly) and min(p.id) filter (where p.operation = 'DELETE') = min(p.id) then 3
        when not bool_and(p.singly) and max(p.id) filter (where p.operation = 'DELETE') = max(p.id) then 3
        when min(p.id) filter (where p.is_new) = min(p.id) then 1
        else 2
      end as rank,
      max(p.bytes) as bytes,
      min(p.chunk_limit) as chunk_limit
    from sync_due(v_rows) d
    cross join lateral (
      select
        p.id,
        p.operation,
        p.base is null as is_new,
        pg_column_size(p.data) as bytes,
        p.chunk_limit,
        p.singly,
        p.waits_id is not null as waits
      from _sync_pending p
      where p.table_name = d.table_name
        and p.record_id = d.record_id
        and not p.synced
      offset 0 -- the contents are not to be sorted with the rest
    ) p
    group by d.table_name, d.record_id, d.early
    having not bool_or(p.waits)
  ),
  claimed as materialized (
    select
      t.table_name,
      t.relation,
      not exists (
        select
        from pg_constraint c
        where c.contype = 'f'
          and c.conrelid = t.relation
          and c.confrelid = t.relation
      ) as stands_apart,
      t.has_deletes and exists (select from sync_referring(t.table_name)) as takes_along
    from (
      select
        n.table_name,
        format('public.%I', n.table_name)::regclass::oid as relation,
        bool_or(n.rank = 3) as has_deletes
      from net n
      group by n.table_name
    ) t
  ),
  parent as (
    select distinct c.conrelid, c.confrelid
    from pg_constraint c
    where c.contype = 'f'
      and c.conrelid <> c.confrelid
  ),
  level (relation, depth) as (
    select c.relation, 0
    from claimed c
    union
    select p.confrelid, l.depth + 1
    from level l
    join parent p on p.conrelid = l.relation
    where l.depth < 30
  ),
  depth as (
    select l.relation, max(l.depth) as depth
    from level l
    group by l.relation
  ),
  ranked as (
    select
      n.*,
      c.relation,
      case n.rank when 1 then -x.depth when 3 then x.depth else 0 end as step,
      case n.rank when 1 then n.first_id else n.last_id end as place,
      least(
        n.chunk_limit,
        p_chunk_rows * case
          when n.rank = 3 and c.takes_along then 1
          when n.rank = 1 or n.table_name = any (v_pushed) then least(p_bulk, 5)
          else 1
        end) as size
    from net n
    join claimed c on c.table_name = n.table_name
    join depth x on x.relation = c.relation
  ),
  weighed as (
    select
      r.*,
      sum(r.bytes) over w as bytes_so_far,
      row_number() over w as position
    from ranked r
    window w as (order by r.early desc, r.rank, r.step, r.place)
  ),
  placed as (
    select
      t.*,
      -- So many rows, or a megabyte of them.
      (sum(greatest(1000000 / t.size, t.bytes)) over w - 1) / 1000000 as chunk
    from weighed t
    where t.position = 1
      or t.bytes_so_far < 16000000
    window w as (partition by t.early, t.rank, t.relation, t.size order by t.place)
  ),
  chunk as (
    select
      p.early,
      p.rank,
      min(p.step) as step,
      p.relation,
      min(p.place) as place,
      string_agg(p.record_id::text, ',' order by p.place) as ids,
      json_agg(json_build_object('id', p.record_id, 'pending', p.pending, 'deleted', p.rank = 3) order by p.place)::text as changes
    from placed p
    group by p.early, p.rank, p.relation, p.size, p.chunk
  )
  select
    c.table_name,
    case k.rank when 1 then 'INSERT' when 2 then 'UPDATE' else 'DELETE' end,
    k.ids,
    k.changes,
    k.rank > 1 or c.stands_apart,
    k.rank = 3 and c.takes_along
  from chunk k
  join claimed c on c.relation = k.relation
  order by k.early desc, k.rank, k.step, k.place;
end
$$;

-- What claimed changes hold now, in their order: without those that were settled since. A change is made on its base, as
-- the first of its pending ones; its row is that of the last.
create or replace function sync_claimed(p_table text, p_changes json)
returns table (place bigint, id uuid, change json, deleted boolean, base jsonb, data jsonb)
language sql
stable
set search_path = public, pg_temp
as $$
  select c.place, l.record_id, c.change, (c.change ->> 'deleted')::boolean, f.base, l.data
  from json_array_elements(p_changes) with ordinality as c (change, place)
  -- Found by their ids, whatever statistics say about how many wait.
  cross join lateral (
    select p.table_name, p.synced, p.base
    from _sync_pending p
    where p.id = (c.change -> 'pending' ->> 0)::bigint
    offset 0
  ) f
  cross join lateral (
    select p.record_id, p.synced, p.conflict_id, p.data
    from _sync_pending p
    where p.id = (c.change -> 'pending' ->> -1)::bigint
    offset 0
  ) l
  where f.table_name = p_table
    and not f.synced
    and not l.synced
    and l.conflict_id is null
$$;

-- The body of the request that inserts claimed rows.
create or replace function sync_new_rows(p_table text, p_changes json, p_cloud_now timestamptz)
returns text
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_unsent text[] := sync_unsent_columns(p_table);
begin
  return (
    select coalesce(
      json_agg(c.data - v_unsent || jsonb_build_object('updated_at', p_cloud_now) order by c.place), '[]')::text
    from sync_claimed(p_table, p_changes) c
  );
end
$$;
