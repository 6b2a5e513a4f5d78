-- Pending changes as net changes, one for a row, in chunks that can be sent one after another: those of the newest
-- changes first where there is a backlog (see sync_due), then those of the oldest.
-- Run by Flyway at init; called by the polling consumer of the route 'up'.
--
-- Parents before children: inserts by the depth of their table, then updates, then deletes the other way round. Of a
-- row that is sent change by change, the first one alone is taken. Of large rows fewer are taken: a claim stands in the
-- service's memory.
-- A chunk is {table_name, operation, ids, changes, body}; a change is {id, pending, base, row, changed_at}.
create or replace function sync_claim(p_rows integer, p_chunk_rows integer, p_cloud_now timestamptz)
returns table (table_name text, operation text, ids text, changes text, body text)
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if p_rows = 0 then
    return;
  end if;
  perform sync_park(p_rows);
  return query
  with recursive net as (
    select
      d.table_name,
      d.record_id,
      d.first_id,
      d.early,
      max(p.id) as last_id,
      array_agg(p.id order by p.id) as pending,
      (array_agg(p.base order by p.id))[1] as base,
      (array_agg(p.data order by p.id desc))[1] as row,
      (array_agg(p.operation order by p.id desc))[1] as last_operation,
      (array_agg(coalesce(p.changed_at, p.created_at) order by p.id desc))[1] as changed_at,
      min(p.chunk_limit) as chunk_limit
    from sync_due(p_rows) d
    join _sync_pending p on p.table_name = d.table_name and p.record_id = d.record_id and not p.synced
    where not d.waits
      and (p.id = d.first_id or not d.singly)
    group by d.table_name, d.record_id, d.first_id, d.early
  ),
  parent as (
    select distinct c.conrelid, c.confrelid
    from pg_constraint c
    where c.contype = 'f'
      and c.conrelid <> c.confrelid
  ),
  level (relation, depth) as (
    select distinct format('public.%I', n.table_name)::regclass::oid, 0
    from net n
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
      k.operation,
      k.rank,
      case k.rank when 1 then -x.depth when 3 then x.depth else 0 end as step,
      case k.rank when 1 then n.first_id else n.last_id end as place,
      least(coalesce(n.chunk_limit, p_chunk_rows), p_chunk_rows) as size
    from net n
    join depth x on x.relation = format('public.%I', n.table_name)::regclass::oid
    cross join lateral (
      select
        case
          when n.last_operation = 'DELETE' then 'DELETE'
          when n.base is null then 'INSERT'
          else 'UPDATE'
        end as operation,
        case
          when n.last_operation = 'DELETE' then 3
          when n.base is null then 1
          else 2
        end as rank
    ) k
  ),
  weighed as (
    select
      r.*,
      pg_column_size(r.row) as bytes,
      sum(pg_column_size(r.row) + coalesce(pg_column_size(r.base), 0)) over w as bytes_so_far,
      row_number() over w as position
    from ranked r
    window w as (order by r.early desc, r.rank, r.step, r.place)
  ),
  placed as (
    select
      t.*,
      (row_number() over w - 1) / t.size as chunk,
      sum(t.bytes) over w / 1000000 as megabyte
    from weighed t
    where t.position = 1
      or t.bytes_so_far < 8000000
    window w as (partition by t.early, t.rank, t.table_name, t.size order by t.place)
  )
  select
    p.table_name,
    p.operation,
    string_agg(p.record_id::text, ',' order by p.place),
    json_agg(
      json_build_object(
        'id', p.record_id, 'pending', p.pending, 'base', p.base, 'row', p.row, 'changed_at', p.changed_at,
        'deleted', p.last_operation = 'DELETE')
      order by p.place)::text,
    case
      when p.operation = 'INSERT' then
        json_agg(p.row - u.unsent || jsonb_build_object('updated_at', p_cloud_now) order by p.place)::text
      else ''
    end
  from placed p
  cross join lateral (select sync_unsent_columns(p.table_name) as unsent) u
  group by p.early, p.rank, p.step, p.table_name, p.operation, p.size, p.chunk, p.megabyte
  order by p.early desc, p.rank, p.step, min(p.place);
end
$$;
