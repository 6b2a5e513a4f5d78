-- Compares rows of the cloud with the clinic's, by content, and reads only.
-- Run by Flyway at init; called by `verify`.
--
-- p_rows: rows of the cloud; p_ids: ids that the cloud was asked for as well and does not have. Returns one row for each
-- of both, by id. state: 'equal', 'gone' (neither side has it), 'moving' (a change of it is on its way), or a
-- difference: 'different', 'cloud', 'clinic' (only there). trace: tells whether one of both sides changed since.
-- waiting: the clinic has a change of it that the cloud has not. Left out are generated columns and those that one
-- side alone has.
create or replace function sync_verify_rows(
  p_table text,
  p_ids uuid[],
  p_rows json,
  p_overlap_seconds double precision,
  p_values boolean
)
returns table (
  record_id uuid,
  state text,
  trace text,
  differing text[],
  reason text,
  waiting boolean,
  cells text
)
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_found json;
  v_row json;
begin
  begin
    select json_agg(v)
    into v_found
    from sync_verify_fitting(p_table, p_ids, p_rows, p_overlap_seconds, p_values, null) v;
  exception
    when others then
      if not sync_is_of_the_row(sqlstate) or json_array_length(p_rows) = 0 then
        raise;
      end if;
  end;
  if v_found is not null or json_array_length(p_rows) = 0 then
    return query
    select f.*
    from json_to_recordset(v_found) as f (
      record_id uuid, state text, trace text, differing text[], reason text, waiting boolean, cells text);
    return;
  end if;

  -- A row of them does not fit into the clinic's table.
  return query
  select v.*
  from sync_verify_fitting(p_table, p_ids, '[]', p_overlap_seconds, p_values, null) v;
  for v_row in select e from json_array_elements(p_rows) e loop
    begin
      select json_agg(v)
      into v_found
      from sync_verify_fitting(p_table, '{}', json_build_array(v_row), p_overlap_seconds, p_values, null) v;
    exception
      when others then
        if not sync_is_of_the_row(sqlstate) then
          raise;
        end if;
        select json_agg(v)
        into v_found
        from sync_verify_fitting(
          p_table, '{}', json_build_array(v_row), p_overlap_seconds, p_values, sync_reason(sqlstate, null, null)) v;
    end;
    return query
    select f.*
    from json_to_recordset(v_found) as f (
      record_id uuid, state text, trace text, differing text[], reason text, waiting boolean, cells text);
  end loop;
end
$$;

-- The same for rows whose values fit into the clinic's types. Where p_unfit says why they don't, they are not read in
-- these types, and differ.
create or replace function sync_verify_fitting(
  p_table text,
  p_ids uuid[],
  p_rows json,
  p_overlap_seconds double precision,
  p_values boolean,
  p_unfit text
)
returns table (
  record_id uuid,
  state text,
  trace text,
  differing text[],
  reason text,
  waiting boolean,
  cells text
)
language plpgsql
stable
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_table regclass := format('public.%I', p_table)::regclass;
  v_generated text[] := sync_generated_columns(p_table);
  v_is_sent boolean;
  v_comes_down boolean;
  v_is_loaded boolean;
  v_next_pass timestamptz;
begin
  -- Where a service lives, its next pass reads all that the cloud stamped after this.
  select
    m.direction <> 'down',
    m.active and m.last_error is null and m.guard is distinct from 'older-cloud' and exists (
      select
      from _sync_service s
      where s.mode <> 'stopped'
        and s.seen_at > clock_timestamp() - interval '15 seconds'
    ),
    m.loaded_at is not null,
    least(
      coalesce(m.cursor_stamp, m.load_started_at),
      clock_timestamp() - interval '1 second' * p_overlap_seconds)
  into v_is_sent, v_comes_down, v_is_loaded, v_next_pass
  from _sync_metadata m
  where m.table_name = p_table;

  return query execute format(
    $sql$
      with cloud as (
        select (e ->> 'id')::uuid as id, e::jsonb as row
        from json_array_elements($2) e
      ),
      pair as materialized (
        select
          i.id,
          t.updated_at as clinic_stamp,
          case when t.id is not null then to_jsonb(t) - $3 end as clinic,
          case
            when c.id is null then null
            when $4 is not null then c.row - $3
            else to_jsonb(jsonb_populate_record(t, c.row)) - $3
          end as cloud
        from (select unnest($1) as id union select c.id from cloud c) i
        left join cloud c on c.id = i.id
        left join %1$s t on t.id = i.id
      )
      select
        p.id,
        case
          when p.clinic is null and p.cloud is null then 'gone'
          when d.differs is null then 'equal'
          when d.reason is not null then d.kind
          when d.waiting or d.coming then 'moving'
          else d.kind
        end,
        case when d.differs then md5(coalesce(p.clinic::text, '') || '/' || coalesce(p.cloud::text, '')) end,
        c.names,
        d.reason,
        coalesce(d.waiting, false),
        c.cells
      from pair p
      left join lateral (
        select
          true as differs,
          case when p.cloud is null then 'clinic' when p.clinic is null then 'cloud' else 'different' end as kind,
          w.waiting,
          coalesce(
            (
              select q.reason
              from _sync_quarantine q
              where q.table_name = $5
                and q.record_id = p.id
              order by q.last_at desc
              limit 1
            ),
            $4,
            case when w.waiting and not $6 then 'changed in the clinic; this table is not sent to the cloud' end
          ) as reason,
          p.cloud is not null and $7 and coalesce(
            not $8 and p.clinic is null
              or (p.cloud ->> 'updated_at')::timestamptz > $9
                and p.clinic_stamp is distinct from (p.cloud ->> 'updated_at')::timestamptz
              or exists (
                select
                from _sync_revisit r
                where r.table_name = $5
                  and r.record_id = p.id
                  and not r.by_content
              ),
            false) as coming
        from (
          select exists (
            select
            from _sync_pending n
            where n.table_name = $5
              and n.record_id = p.id
              and not n.synced
          ) as waiting
        ) w
        where p.clinic is distinct from p.cloud
      ) d on true
      left join lateral (
        select
          array_agg(k.key order by k.key) as names,
          case
            when $10 then jsonb_object_agg(
              k.key,
              jsonb_build_object('cloud', left(p.cloud ->> k.key, 1000), 'clinic', left(p.clinic ->> k.key, 1000)))::text
          end as cells
        from jsonb_object_keys(p.clinic) k (key)
        where d.kind = 'different'
          and $4 is null
          and p.clinic -> k.key is distinct from p.cloud -> k.key
      ) c on true
      order by p.id
    $sql$, v_table)
  using
    p_ids, p_rows, v_generated, p_unfit, p_table, coalesce(v_is_sent, true), coalesce(v_comes_down, false),
    coalesce(v_is_loaded, false), v_next_pass, p_values;
end
$$;

-- Ids of the clinic's rows behind p_after, up to p_until where that is given, that are not among these.
create or replace function sync_verify_others(p_table text, p_after uuid, p_until uuid, p_among uuid[], p_rows integer)
returns setof uuid
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  return query execute format(
    $sql$
      select t.id
      from public.%1$I t
      where ($1 is null or t.id > $1)
        and ($2 is null or t.id <= $2)
        and not exists (select from unnest($3) as a (id) where a.id = t.id)
      order by t.id
      limit $4
    $sql$, p_table)
  using p_after, p_until, p_among, p_rows;
end
$$;

-- Has the next pass fetch these rows of the cloud by id and write them though their stamps may be the same. What the
-- clinic holds in their place is kept in _conflicts. Rows that the clinic changed itself are left to the way up.
-- p_by: what found them.
create or replace function sync_verify_mark(p_table text, p_ids uuid[], p_rows json, p_by text)
returns void
language plpgsql
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
begin
  execute format(
    $sql$
      with marked as (
        insert into _sync_revisit (table_name, record_id, by_content)
        select $1, i.id, true
        from unnest($2) as i (id)
        where not exists (
          select from _sync_pending p where p.table_name = $1 and p.record_id = i.id and not p.synced
        )
        on conflict (table_name, record_id) do update
        set by_content = true,
            noted_at = now()
        returning record_id
      )
      insert into _conflicts (
        table_name, record_id, kind, strategy, winner, local_data, remote_data, result, local_stamp, remote_stamp,
        resolved_at, resolved_by, resolution)
      select
        $1, t.id, 'drift', 'repair', 'remote', to_jsonb(t), e::jsonb - 'xmin', e::jsonb - 'xmin', t.updated_at,
        (e ->> 'updated_at')::timestamptz, now(), $4, 'remote'
      from marked m
      join public.%1$I t on t.id = m.record_id
      join json_array_elements($3) e on (e ->> 'id')::uuid = m.record_id
      where not exists (
        select
        from _conflicts c
        where c.table_name = $1
          and c.record_id = t.id
          and c.kind = 'drift'
          and c.local_data = to_jsonb(t)
      )
    $sql$, p_table)
  using p_table, p_ids, p_rows, p_by;
end
$$;
