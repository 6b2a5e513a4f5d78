-- Rows that only one transaction can bring into the cloud: new rows that refer to each other, and rows that exchanged a
-- unique value in one step.
-- Run by Flyway at init; called by sync_refuse, and by the route 'up-circle' where the cloud has the function sync_push.
create or replace function sync_is_circle(p_table text, p_id uuid, p_code text)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select exists (
    select
    from sync_circle(p_table, p_id, p_code) c
    where c.table_name = p_table
      and c.record_id = p_id
  )
$$;

-- The rows that a refused row waits for; if it is among them, no order of single requests brings it about.
create or replace function sync_circle(p_table text, p_id uuid, p_code text)
returns table (table_name text, record_id uuid)
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  if p_code = '23503' then
    return query
    select n.table_name, n.record_id from sync_needed(p_table, p_id) n;
    return;
  elsif p_code <> '23505' then
    return;
  end if;
  return query
  with recursive key as (
    select i.indexrelid, array_agg(a.attname::text) as columns
    from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indrelid = format('public.%I', p_table)::regclass
      and i.indisunique
      and not i.indisprimary
      and i.indexprs is null
    group by i.indexrelid
  ),
  change as (
    select
      p.record_id,
      (array_agg(p.base order by p.id))[1] as base,
      (array_agg(p.data order by p.id desc))[1] as row
    from _sync_pending p
    where p.table_name = p_table
      and not p.synced
      and p.record_id in (
        select r.record_id
        from _sync_pending r
        where r.table_name = p_table
          and r.retry_count > 0
          and r.code = p_code
          and not r.synced
        union
        select p_id
      )
    group by p.record_id
  ),
  side as (
    select
      c.record_id,
      k.indexrelid,
      (select jsonb_object_agg(n, c.base -> n) from unnest(k.columns) n) as held,
      (select jsonb_object_agg(n, c.row -> n) from unnest(k.columns) n) as wanted
    from change c
    cross join key k
  ),
  reached (record_id, depth) as (
    select p_id, 0
    union
    select h.record_id, 1
    from reached r
    join side w on w.record_id = r.record_id
    join side h on h.indexrelid = w.indexrelid and h.held = w.wanted and h.record_id <> w.record_id
  )
  select p_table, r.record_id
  from reached r
  where r.depth > 0;
end
$$;

-- The net changes of a refused row's circle; nothing where it is in none, or where one of its rows is held for a person.
-- They come in the order in which the clinic could make them: not each of their constraints need be a deferred one.
-- ids: those of p_table, whose current versions are to be read.
create or replace function sync_circle_changes(p_table text, p_ids text, p_code text)
returns table (ids text, changes text)
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  if strpos(p_ids, ',') > 0 then
    return;
  elsif not sync_is_circle(p_table, p_ids::uuid, p_code) then
    return;
  end if;
  return query
  select
    string_agg(n.record_id::text, ',') filter (where n.table_name = p_table),
    json_agg(json_build_object(
      'table', n.table_name, 'id', n.record_id, 'pending', n.pending, 'base', n.base, 'row', n.row,
      'deleted', n.deleted) order by n.pending[1])::text
  from (
    select
      p.table_name::text as table_name,
      p.record_id,
      array_agg(p.id order by p.id) as pending,
      (array_agg(p.base order by p.id))[1] as base,
      (array_agg(p.data order by p.id desc))[1] as row,
      (array_agg(p.operation order by p.id desc))[1] = 'DELETE' as deleted,
      bool_or(p.conflict_id is not null) as is_held
    from sync_circle(p_table, p_ids::uuid, p_code) c
    join _sync_pending p on p.table_name = c.table_name and p.record_id = c.record_id and not p.synced
    group by p.table_name, p.record_id
  ) n
  having count(*) between 2 and 100
    and not bool_or(n.is_held);
end
$$;

-- The request that sends a circle as one transaction; NULL where the cloud has another version of one of its rows, or
-- one of them already: that is no circle any more, and each goes its own way.
create or replace function sync_circle_request(p_table text, p_changes json, p_current json, p_cloud_now timestamptz)
returns text
language sql
stable
set search_path = public, pg_temp
as $$
  select json_build_object('p_together', true, 'p_changes', json_agg(s.sent order by s.place))::text
  from (
    select
      c.place,
      v.verdict,
      json_build_object(
        'table', c.change -> 'table',
        'operation', case
          when (c.change ->> 'deleted')::boolean then 'DELETE'
          when r is null then 'INSERT'
          else 'UPDATE'
        end,
        'id', c.change -> 'id',
        'version', r ->> 'xmin',
        'row', jsonb_build_object('updated_at', p_cloud_now) || case
          when r is null then (c.change ->> 'row')::jsonb - u.unsent - 'updated_at'::text
          else (sync_patches(
            sync_sent_columns(c.change ->> 'table'), array[(c.change ->> 'base')::jsonb], array[(c.change ->> 'row')::jsonb]))[1]
        end) as sent
    from json_array_elements(p_changes) with ordinality as c (change, place)
    left join json_array_elements(p_current) r
      on r ->> 'id' = c.change ->> 'id'
      and c.change ->> 'table' = p_table
    cross join lateral (select sync_unsent_columns(c.change ->> 'table') as unsent) u
    cross join lateral sync_classify(c.change ->> 'table', c.change::jsonb, r::jsonb, u.unsent) v
  ) s
  having bool_and(s.verdict = 'send')
$$;
