-- Finds what polling by stamps cannot see: rows deleted in the cloud, versions that went astray, a restored cloud.
-- Run by Flyway at init; called by the steps of the routes in routes/reconcile.camel.yaml.
--
-- A comparison reads the keys (id, stamp) of both sides page by page, the clinic's before the cloud's. What the clinic
-- lacks or has in another version is marked for the next pass; what the cloud lacks or has in an older version waits in
-- _sync_suspect until the whole table was seen, because only their number tells an edit from a disaster.

-- Whether a table's keys are to be compared now.
-- p_range: the Content-Range of the cloud's exact count. p_night: the last nightly hour. p_thorough: asked for by a
-- person, who gets no rest from what was found before.
create or replace function sync_needs_comparing(
  p_table text,
  p_range text,
  p_night timestamptz,
  p_thorough boolean
)
returns boolean
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_table _sync_metadata;
  v_cloud bigint := split_part(p_range, '/', 2)::bigint;
  v_clinic bigint;
  v_new bigint;
  v_gone bigint;
  v_hidden boolean;
  v_rested boolean;
begin
  select m.* into v_table
  from _sync_metadata m
  where m.table_name = p_table
    and m.active
    and m.direction <> 'up'
    and m.loaded_at is not null;
  if not found then
    return false;
  end if;

  v_clinic := sync_count(p_table);
  select
    count(*) filter (where n.base is null and n.operation <> 'DELETE'),
    count(*) filter (where n.base is not null and n.operation = 'DELETE')
  into v_new, v_gone
  from (
    select
      (array_agg(p.base order by p.id))[1] as base,
      (array_agg(p.operation order by p.id desc))[1] as operation
    from _sync_pending p
    where p.table_name = p_table
      and not p.synced
    group by p.record_id
  ) n;
  v_hidden := v_table.guard is not null
    or exists (select from _sync_quarantine q where q.table_name = p_table)
    or exists (
      select
      from _sync_pending p
      where p.table_name = p_table
        and not p.synced
        and p.created_at < now() - interval '1 minute'
    );
  v_rested := p_thorough or coalesce(v_table.compared_at, v_table.loaded_at) < now() - interval '1 hour';

  return coalesce(v_table.compared_at, v_table.loaded_at) < p_night
    or v_hidden and v_rested
    or v_cloud <> v_clinic - v_new + v_gone
      and (v_rested or (v_cloud, v_clinic) is distinct from (v_table.compared_cloud, v_table.compared_clinic));
end
$$;

-- A page of the clinic's keys behind p_after, as [[id, stamp], …]; the first one starts the comparison.
create or replace function sync_clinic_keys(
  p_table text,
  p_after text,
  p_limit integer,
  out keys text,
  out page_is_full boolean,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $$
declare
  v_rows bigint;
begin
  if p_after = '' then
    delete from _sync_suspect s where s.table_name = p_table;
  end if;
  clock := clock_timestamp()::text;
  execute format(
    $sql$
      select count(*), coalesce(json_agg(json_build_array(t.id, t.updated_at::text) order by t.id), '[]')
      from (select t.id, t.updated_at from public.%I t where $1 is null or t.id > $1 order by t.id limit $2) t
    $sql$, p_table)
  into v_rows, keys
  using nullif(p_after, '')::uuid, p_limit;
  page_is_full := v_rows = p_limit;
end
$$;

-- Compares a page of the cloud's keys with the clinic's, as far as both reach.
-- p_asked_at: the clinic database's time before the clinic's page was read. p_newest: the newest xmin of the pages
-- before (null: none). Returned is where the next page starts; null at the end.
create or replace function sync_compare_keys(
  p_table text,
  p_keys json,
  p_page_is_full boolean,
  p_rows json,
  p_asked_at timestamptz,
  p_newest bigint,
  out after text,
  out rows_seen bigint,
  out newest bigint
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_upto uuid := least(
    (p_rows -> -1 ->> 'id')::uuid,
    case when p_page_is_full then (p_keys -> -1 ->> 0)::uuid end);
  v_mark bigint := (
    select coalesce(m.version_mark_before, m.version_mark)
    from _sync_metadata m
    where m.table_name = p_table
  );
begin
  after := v_upto::text;

  with
  ours as (
    select (k ->> 0)::uuid as id, (k ->> 1)::timestamptz as stamp
    from json_array_elements(p_keys) k
    where v_upto is null
      or (k ->> 0)::uuid <= v_upto
  ),
  theirs as (
    select r.id, r.updated_at as stamp, r.xmin::bigint as version
    from json_to_recordset(p_rows) as r (id uuid, updated_at timestamptz, xmin text)
    where r.id <= v_upto
  ),
  difference as (
    select
      coalesce(t.id, o.id) as id,
      o.stamp,
      case
        when t.id is null then 'missing'
        when o.id is null then 'unknown'
        when t.stamp < o.stamp then 'older'
        when t.stamp is distinct from o.stamp then 'newer'
        when sync_is_newer_version(t.version, v_mark) then 'touched'
      end as kind
    from ours o
    full join theirs t on t.id = o.id
  ),
  -- Rows with a change of the clinic's own, waiting or sent since the page was read, are the way up's.
  upward as (
    select p.record_id
    from _sync_pending p
    where p.table_name = p_table
      and not p.synced
    union
    select p.record_id
    from _sync_pending p
    where p.table_name = p_table
      and p.synced
      and p.synced_at >= p_asked_at
  ),
  open as (
    select d.*
    from difference d
    where d.kind is not null
      and not exists (select from upward u where u.record_id = d.id)
  ),
  suspected as (
    insert into _sync_suspect (table_name, record_id, kind, stamp)
    select p_table, d.id, d.kind, d.stamp
    from open d
    where d.kind in ('missing', 'older')
    on conflict (table_name, record_id) do update
    set kind = excluded.kind,
        stamp = excluded.stamp
  ),
  wanted as (
    insert into _sync_revisit as r (table_name, record_id, by_content)
    select p_table, d.id, d.kind = 'touched'
    from open d
    where d.kind in ('unknown', 'newer', 'touched')
    on conflict (table_name, record_id) do update
    set noted_at = now(),
        by_content = r.by_content or excluded.by_content
  )
  select
    count(*),
    max(t.version) filter (where sync_is_newer_version(t.version, coalesce(v_mark, 0)))
  into rows_seen, newest
  from theirs t;
  newest := greatest(newest, p_newest);
end
$$;

-- Whether a version of PostgreSQL (xmin, 32 bits that start again) is newer than another.
create or replace function sync_is_newer_version(p_version bigint, p_than bigint)
returns boolean
language sql
immutable
as $$
  select p_version <> p_than and ((p_version - p_than) & 4294967295) < 2147483648
$$;

-- Ends a comparison: says what may be deleted in the clinic, or sets the guard of the table where what was found looks
-- like a disaster and not like an edit. p_accepted: a person has confirmed it.
create or replace function sync_end_comparison(
  p_table text,
  p_rows_seen bigint,
  p_newest bigint,
  p_night timestamptz,
  p_accepted boolean,
  p_max_rows integer,
  p_max_percent integer,
  out guard text,
  out guard_rows bigint,
  out guard_is_news boolean,
  out missing text,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_clinic bigint := sync_count(p_table);
  v_before text := (select m.guard from _sync_metadata m where m.table_name = p_table);
  v_missing bigint;
  v_older bigint;
begin
  delete from _sync_suspect s
  using _sync_pending p
  where s.table_name = p_table
    and p.table_name = p_table
    and p.record_id = s.record_id
    and not p.synced;
  select count(*) filter (where s.kind = 'missing'), count(*) filter (where s.kind = 'older')
  into v_missing, v_older
  from _sync_suspect s
  where s.table_name = p_table;

  if p_accepted then
    guard := null;
  elsif sync_are_many(v_older, v_clinic, p_max_rows, p_max_percent) then
    guard := 'older-cloud';
    guard_rows := v_older;
  elsif v_missing > 0 and p_rows_seen = 0 or sync_are_many(v_missing, v_clinic, p_max_rows, p_max_percent) then
    guard := 'deletes';
    guard_rows := v_missing;
  end if;
  guard_is_news := guard is distinct from v_before;

  update _sync_metadata m
  set guard = sync_end_comparison.guard,
      guard_rows = sync_end_comparison.guard_rows,
      version_mark_before = case
        when coalesce(m.compared_at, m.loaded_at) < p_night then m.version_mark
        else m.version_mark_before
      end,
      version_mark = case
        when m.version_mark is null or coalesce(m.compared_at, m.loaded_at) < p_night
          then coalesce(p_newest, m.version_mark)
        else m.version_mark
      end,
      compared_at = now(),
      compared_cloud = p_rows_seen,
      compared_clinic = v_clinic
  where m.table_name = p_table;

  if guard is distinct from 'older-cloud' then
    insert into _sync_revisit (table_name, record_id)
    select p_table, s.record_id
    from _sync_suspect s
    where s.table_name = p_table
      and s.kind = 'older'
    on conflict (table_name, record_id) do update
    set noted_at = now();
    delete from _sync_suspect s
    where s.table_name = p_table
      and s.kind = 'older';
  end if;
  missing := coalesce((
    select string_agg(s.record_id::text, ',' order by s.record_id)
    from _sync_suspect s
    where s.table_name = p_table
      and s.kind = 'missing'
      and guard is null
  ), '');
  clock := clock_timestamp()::text;
end
$$;

-- Whether so many rows of a table at once are no edit any more.
create or replace function sync_are_many(p_rows bigint, p_of bigint, p_max_rows integer, p_max_percent integer)
returns boolean
language sql
immutable
as $$
  select p_rows > p_max_rows or p_rows > 5 and p_rows * 100 > p_of * p_max_percent
$$;

-- Deletes rows of the clinic that the cloud was asked for by id once more and does not have. Returns how many.
-- p_range: the Content-Range of the answer with its exact count; an answer that was cut short says nothing about the
-- rows behind its last one. p_asked_at: the clinic database's time before the question.
create or replace function sync_delete_missing(
  p_table text,
  p_ids text,
  p_present json,
  p_range text,
  p_asked_at timestamptz
)
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_present uuid[] := array(select (r ->> 'id')::uuid from json_array_elements(p_present) r);
  v_is_whole boolean := split_part(p_range, '/', 2)::bigint <= cardinality(v_present);
  v_locked uuid[];
  v_deleted uuid[];
begin
  perform sync_begin_write();
  v_locked := sync_lock_rows(p_table, array(
    select i.id
    from unnest(string_to_array(p_ids, ',')::uuid[]) as i (id)
    where i.id <> all (v_present)
      and (v_is_whole or i.id <= v_present[cardinality(v_present)])
  ));
  execute format(
    $sql$
      with deleted as (
        delete from public.%I t
        using _sync_suspect s
        where t.id = any ($1)
          and s.table_name = $2
          and s.record_id = t.id
          and s.kind = 'missing'
          and s.stamp is not distinct from t.updated_at
          and not exists (
            select
            from _sync_pending p
            where p.table_name = $2
              and p.record_id = t.id
              and (not p.synced or p.synced_at >= $3)
          )
        returning t.id
      )
      select coalesce(array_agg(id), '{}') from deleted
    $sql$, p_table)
  into v_deleted
  using v_locked, p_table, p_asked_at;

  delete from _sync_suspect s
  where s.table_name = p_table
    and s.record_id = any (v_deleted || v_present);
  insert into _sync_revisit (table_name, record_id)
  select p_table, unnest(v_present)
  on conflict (table_name, record_id) do update
  set noted_at = now();
  if cardinality(v_deleted) > 0 then
    update _sync_metadata
    set records_synced_down = coalesce(records_synced_down, 0) + cardinality(v_deleted),
        updated_at = now()
    where table_name = p_table;
    insert into _sync_log (direction, table_name, records_affected, status)
    values ('DOWN', p_table, cardinality(v_deleted), 'SUCCESS');
  end if;
  return cardinality(v_deleted);
end
$$;
