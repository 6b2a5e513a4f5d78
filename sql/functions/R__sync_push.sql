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
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
set client_encoding = 'UTF8'
as $$
declare
  v_columns text[] := sync_sent_columns(p_table);
  v_captured record := sync_captured_digest_of(p_table, v_columns);
  v_restored boolean := sync_any_restored();
begin
  return query execute format(
    $sql$
      with
      claimed as materialized (
        select
          c.place,
          c.id,
          c.change,
          -- Without something, so that they are read once from where long values are kept, and not for each column.
          c.base - 'updated_at'::text as base,
          case when not c.deleted then c.data - 'updated_at'::text end as row
        from sync_claimed($1, $2) c
      ),
      told as materialized (
        select
          c.place,
          c.id,
          c.change,
          c.base is not null and not ($3 and sync_was_restored(c.change::jsonb)) as has_digest,
          %1$s as digest,
          case when c.row is not null then %2$s end as patch
        from claimed c
        %3$s
      ),
      sent as materialized (
        select
          t.place,
          t.id,
          t.change,
          concat(
            '{"table":', $4, ',"operation":"', case when t.patch is null then 'DELETE' else 'UPDATE' end,
            '","id":"', t.id, '","digest":"', case when t.has_digest and t.patch is distinct from '{}' then t.digest end,
            '","row":', case
              when t.patch is null then '{}'
              when t.patch = '{}' then format('{"updated_at":%%s}', $5)
              else format('%%s,"updated_at":%%s}', left(t.patch, -1), $5)
            end,
            '}') as request
        from told t
      ),
      parcel as (
        select s.*, sum(octet_length(s.request)) over (order by s.place) / $6 as number
        from sent s
      )
      select
        string_agg(p.id::text, ',' order by p.place),
        json_agg(p.change order by p.place)::text,
        format('{"p_columns":%%s,"p_changes":[%%s]}', $7, string_agg(p.request, ',' order by p.place))
      from parcel p
      group by p.number
      order by p.number
    $sql$,
    v_captured.digest,
    sync_patch_of(v_columns, v_captured.plain),
    'cross join lateral jsonb_to_record(coalesce(c.base, ''{}'')) as t (' || v_captured.typed || ')')
  using p_table, p_changes, v_restored, to_json(p_table), to_json(p_cloud_now), p_bytes, to_json(v_columns);
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
        coalesce(c.table, p_table) as table_name,
        c.id,
        c.pending[cardinality(c.pending)] as upto,
        c.deleted
      from rows from (
        json_to_recordset(p_changes) as ("table" text, id uuid, pending bigint[], deleted boolean)
      ) with ordinality as c ("table", id, pending, deleted, place)
    ),
    answer as materialized (
      select
        c.*,
        coalesce(o.part, o.row) as row,
        o.part is not null as is_part,
        case
          when o.outcome is null then 'busy'
          when o.outcome = 'done' and (coalesce(o.part, o.row) is null) <> c.deleted then 'conflict'
          else o.outcome
        end as outcome,
        o.code,
        o.constraint,
        o.column
      from change c
      left join rows from (
        json_to_recordset(p_outcomes) as (
          id uuid, outcome text, "row" json, part json, code text, "constraint" text, "column" text)
      ) with ordinality as o (id, outcome, "row", part, code, "constraint", "column", place)
        on o.place = c.place
        and o.id = c.id
    )
    select
      a.table_name,
      a.is_part,
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
    group by a.table_name, a.is_part
  loop
    if v_answered.done is not null then
      perform sync_confirm(
        v_answered.table_name, v_answered.done, v_answered.uptos, v_answered.rows, v_answered.is_part);
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
