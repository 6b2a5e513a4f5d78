-- A chunk of updates or deletes as one request to the cloud's function sync_push, and what its answer means.
-- Run by Flyway at init; called by the routes of push.camel.yaml where the cloud has that function.

-- Without having read the cloud's rows: with each change goes the digest of the content that it was made on, and the cloud
-- compares. What has no such content, or changes nothing, has the digest of no row: the cloud tells what it has.
--
-- Returns requests {ids, changes, body} of about p_bytes at most, but of one change at least.
create or replace function sync_push_unread(
  p_table text,
  p_changes json,
  p_cloud_now timestamptz,
  p_bytes integer default 1000000
)
returns table (ids text, changes text, body text)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_unsent text[] := sync_unsent_columns(p_table);
  v_columns text[] := (
    select array_agg(a.attname::text order by a.attname)
    from pg_attribute a
    where a.attrelid = format('public.%I', p_table)::regclass
      and a.attnum > 0
      and not a.attisdropped
      and a.attname <> all (v_unsent)
      and a.attname <> 'updated_at'
  );
  v_changes json[];
  v_bases jsonb[];
  v_rows jsonb[];
begin
  select
    array_agg(c.change order by c.place),
    array_agg((c.change ->> 'base')::jsonb order by c.place),
    array_agg((c.change ->> 'row')::jsonb order by c.place)
  into v_changes, v_bases, v_rows
  from json_array_elements(p_changes) with ordinality as c (change, place);

  return query
  with
  sent as (
    select
      c.place,
      c.change,
      json_build_object(
        'table', p_table,
        'operation', case when k.patch is null then 'DELETE' else 'UPDATE' end,
        'id', c.change -> 'id',
        'digest', case when k.patch = '{}' then '' else coalesce(c.digest, '') end,
        'row', coalesce(k.patch || jsonb_build_object('updated_at', p_cloud_now), '{}')) as sent
    from unnest(
      v_changes,
      sync_contents(p_table, v_bases, v_unsent),
      sync_contents(p_table, v_rows, v_unsent),
      sync_digests(p_table, v_columns, v_bases)) with ordinality as c (change, base, content, digest, place)
    cross join lateral (
      select case when not (c.change ->> 'deleted')::boolean then sync_patch(c.base, c.content) end as patch
    ) k
  ),
  parcel as (
    select s.*, sum(octet_length(s.sent::text)) over (order by s.place) / p_bytes as number
    from sent s
  )
  select
    string_agg(p.change ->> 'id', ',' order by p.place),
    json_agg(p.change order by p.place)::text,
    json_build_object('p_columns', v_columns, 'p_changes', json_agg(p.sent order by p.place))::text
  from parcel p
  group by p.number
  order by p.number;
end
$$;

-- Where they were read. Returns parcels {action, ids, changes, body}: 'send' with the body of a request (of about p_bytes
-- at most, but of one change at least), or 'conflict' with one row.
create or replace function sync_compare_to_push(
  p_table text,
  p_changes json,
  p_current json,
  p_range text,
  p_cloud_now timestamptz,
  p_bytes integer default 1000000
)
returns table (action text, ids text, changes text, body text)
language sql
set search_path = public, pg_temp
as $$
  with
  difference as (
    select
      d.place,
      d.verdict,
      d.change,
      json_build_object(
        'table', p_table,
        'operation', case when (d.change ->> 'deleted')::boolean then 'DELETE' else 'UPDATE' end,
        'id', d.change -> 'id',
        'version', d.current ->> 'xmin',
        'row', coalesce(d.patch || jsonb_build_object('updated_at', p_cloud_now), '{}')) as sent
    from sync_differences(p_table, p_changes, p_current, p_range) d
  ),
  parcel as (
    select
      d.*,
      case
        when d.verdict = 'send'
          then sum(octet_length(d.sent::text)) over (partition by d.verdict order by d.place) / p_bytes
        else d.place
      end as number
    from difference d
  )
  select
    p.verdict,
    string_agg(p.change ->> 'id', ',' order by p.place),
    json_agg(p.change order by p.place)::text,
    json_build_object('p_changes', json_agg(p.sent order by p.place))::text
  from parcel p
  group by p.verdict, p.number
  order by min(p.place)
$$;

-- Takes the answer of sync_push apart, in one transaction: what is done is confirmed, what is busy waits for a moment
-- and counts no try. Returns what is left to handle row by row: 'conflict' or 'refused'.
-- p_changes: as sent; p_outcomes: one for each of them, in the same order. A change of another table than p_table
-- names it.
create or replace function sync_confirm_pushed(p_table text, p_changes json, p_outcomes json)
returns table (record_id text, outcome text, code text, rule text, column_name text)
language plpgsql
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  v_answers json[];
begin
  v_answers := array(
    select json_build_object(
      'table', coalesce(c.change ->> 'table', p_table),
      'id', c.change -> 'id',
      'upto', c.change -> 'pending' -> -1,
      'row', o.outcome -> 'row',
      'outcome', case
        when o.outcome is null then 'busy'
        when o.outcome ->> 'outcome' = 'done' and (o.outcome ->> 'row' is null) <> (c.change ->> 'deleted')::boolean
          then 'conflict'
        else o.outcome ->> 'outcome'
      end,
      'code', o.outcome ->> 'code',
      'rule', o.outcome ->> 'constraint',
      'column', o.outcome ->> 'column')
    from json_array_elements(p_changes) with ordinality as c (change, place)
    left join json_array_elements(p_outcomes) with ordinality as o (outcome, place)
      on o.place = c.place
      and o.outcome ->> 'id' = c.change ->> 'id'
    order by c.place
  );

  perform sync_confirm(d.table_name, d.outcomes)
  from (
    select a ->> 'table' as table_name, json_agg(a) as outcomes
    from unnest(v_answers) a
    where a ->> 'outcome' = 'done'
    group by a ->> 'table'
  ) d;

  perform sync_postpone(b.table_name, b.ids, 2)
  from (
    select a ->> 'table' as table_name, string_agg(a ->> 'id', ',') as ids
    from unnest(v_answers) a
    where a ->> 'outcome' = 'busy'
    group by a ->> 'table'
  ) b;

  return query
  select a ->> 'id', a ->> 'outcome', coalesce(a ->> 'code', ''), coalesce(a ->> 'rule', ''), coalesce(a ->> 'column', '')
  from unnest(v_answers) a
  where a ->> 'outcome' in ('conflict', 'refused');
end
$$;

-- Takes the answer to what was sent unread apart. Returns 'refused' rows, each by itself, and a hundred together the
-- changes whose rows in the cloud are not what they were made on: 'unequal'.
create or replace function sync_confirm_unread(p_table text, p_changes json, p_outcomes json)
returns table (
  record_id text, ids text, changes text, outcome text, code text, rule text, column_name text)
language sql
set search_path = public, pg_temp
as $$
  with
  remaining as materialized (
    select r.*, row_number() over (partition by r.outcome) - 1 as place
    from sync_confirm_pushed(p_table, p_changes, p_outcomes) r
  )
  select r.record_id, '', '', r.outcome, r.code, r.rule, r.column_name
  from remaining r
  where r.outcome = 'refused'
  union all
  select '', string_agg(r.record_id, ',' order by r.place), json_agg(c order by r.place)::text, 'unequal', '', '', ''
  from remaining r
  join json_array_elements(p_changes) c on c ->> 'id' = r.record_id
  where r.outcome = 'conflict'
  group by r.place / 100
$$;
