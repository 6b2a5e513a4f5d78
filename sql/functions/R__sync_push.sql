-- A chunk of updates or deletes as one request to the cloud's function sync_push, and what its answer means.
-- Run by Flyway at init; called by the routes of push.camel.yaml where the cloud has that function.

-- Without having read the cloud's rows: with each change goes the digest of the content that it was made on, and the cloud
-- compares. What has no such content, or changes nothing, has the digest of no row: the cloud tells what it has. So has what
-- was taken from a backup, whose content proves nothing.
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
  v_columns text[] := sync_sent_columns(p_table);
  v_changes json[];
  v_ids uuid[];
  v_bases jsonb[];
  v_rows jsonb[];
  v_patches jsonb[];
  v_digests text[];
  v_restored boolean := sync_any_restored();
  v_stamp jsonb := jsonb_build_object('updated_at', p_cloud_now);
begin
  select
    array_agg(c.change order by c.place),
    array_agg(c.id order by c.place),
    array_agg(c.base order by c.place),
    array_agg(case when not c.deleted then c.data end order by c.place)
  into v_changes, v_ids, v_bases, v_rows
  from sync_claimed(p_table, p_changes) c;
  -- Not within the query: the planner would call it too.
  v_patches := sync_patches(v_columns, v_bases, v_rows);
  v_digests := sync_digests(p_table, v_columns, v_bases);

  return query
  with
  sent as materialized (
    select
      c.place,
      c.id,
      c.change,
      format(
        '{"table":%s,"operation":"%s","id":"%s","digest":"%s","row":%s}',
        to_json(p_table),
        case when c.patch is null then 'DELETE' else 'UPDATE' end,
        c.id,
        case when c.patch = '{}' or v_restored and sync_was_restored(c.change::jsonb) then '' else c.digest end,
        coalesce(c.patch || v_stamp, '{}')) as request
    from unnest(v_changes, v_ids, v_patches, v_digests) with ordinality as c (change, id, patch, digest, place)
  ),
  parcel as (
    select s.*, sum(octet_length(s.request)) over (order by s.place) / p_bytes as number
    from sent s
  )
  select
    string_agg(p.id::text, ',' order by p.place),
    json_agg(p.change order by p.place)::text,
    format('{"p_columns":%s,"p_changes":[%s]}', to_json(v_columns), string_agg(p.request, ',' order by p.place))
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
declare
  v_answered record;
begin
  for v_answered in
    with
    change as materialized (
      select
        c.place,
        coalesce(c.value ->> 'table', p_table) as table_name,
        (c.value ->> 'id')::uuid as id,
        (c.value -> 'pending' ->> -1)::bigint as upto,
        (c.value ->> 'deleted')::boolean as deleted
      from json_array_elements(p_changes) with ordinality as c (value, place)
    ),
    answer as materialized (
      select
        c.*,
        o.row,
        case
          when o.outcome is null then 'busy'
          when o.outcome = 'done' and (o.row is null) <> c.deleted then 'conflict'
          else o.outcome
        end as outcome,
        o.code,
        o.constraint,
        o.column
      from change c
      left join rows from (
        json_to_recordset(p_outcomes) as (id uuid, outcome text, "row" json, code text, "constraint" text, "column" text)
      ) with ordinality as o (id, outcome, "row", code, "constraint", "column", place)
        on o.place = c.place
        and o.id = c.id
    )
    select
      a.table_name,
      array_agg(a.id order by a.place) filter (where a.outcome = 'done') as done,
      array_agg(a.upto order by a.place) filter (where a.outcome = 'done') as uptos,
      array_agg(a.row order by a.place) filter (where a.outcome = 'done') as rows,
      string_agg(a.id::text, ',') filter (where a.outcome = 'busy') as busy,
      json_agg(
        json_build_object(
          'id', a.id, 'outcome', a.outcome, 'code', coalesce(a.code, ''), 'rule', coalesce(a.constraint, ''),
          'column', coalesce(a.column, ''))
        order by a.place) filter (where a.outcome in ('conflict', 'refused')) as remaining
    from answer a
    group by a.table_name
  loop
    if v_answered.done is not null then
      perform sync_confirm(v_answered.table_name, v_answered.done, v_answered.uptos, v_answered.rows);
    end if;
    if v_answered.busy is not null then
      perform sync_postpone(v_answered.table_name, v_answered.busy, 2);
    end if;
    return query
    select r ->> 'id', r ->> 'outcome', r ->> 'code', r ->> 'rule', r ->> 'column'
    from json_array_elements(v_answered.remaining) r;
  end loop;
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
