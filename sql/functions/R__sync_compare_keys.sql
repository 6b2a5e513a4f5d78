-- Finds what polling by stamps cannot see: rows deleted in the cloud, versions that went astray, a restored cloud.
-- Run by Flyway at init; called by the steps of the route 'reconcile-keys'.
--
-- A comparison reads the keys (id, stamp) of both sides page by page, the clinic's before the cloud's. What the clinic
-- lacks or has in another version is marked for the next pass; what the cloud lacks or has in an older version waits in
-- _sync_suspect until the whole table was seen, because only their number tells an edit from a disaster.
--
-- Where digests have told which rows differ, the pages are of these rows alone.

-- Starts a comparison; the columns that the cloud is known to have.
create or replace function sync_begin_comparison(p_table text)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
begin
  delete from _sync_suspect s where s.table_name = p_table and s.kind in ('missing', 'older');
  update _sync_metadata m set compare_begun_at = now() where m.table_name = p_table;
  return (select array_to_string(m.cloud_columns, ',') from _sync_metadata m where m.table_name = p_table);
end
$$;

-- A page of the clinic's keys behind p_after, as [[id, stamp], …]; of these rows alone where p_ids names some.
create or replace function sync_clinic_keys(
  p_table text,
  p_ids text,
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
  clock := clock_timestamp()::text;
  execute format(
    $sql$
      select count(*), coalesce(json_agg(json_build_array(t.id, t.updated_at::text) order by t.id), '[]')
      from (
        select t.id, t.updated_at
        from public.%I t
        where ($1 is null or t.id > $1)
          and ($2 is null or t.id = any ($2))
        order by t.id
        limit $3
      ) t
    $sql$, p_table)
  into v_rows, keys
  using nullif(p_after, '')::uuid, string_to_array(nullif(p_ids, ''), ',')::uuid[], p_limit;
  page_is_full := v_rows = p_limit;
end
$$;

-- Compares a page of the cloud's keys with the clinic's, as far as both reach.
-- p_asked_at: the clinic database's time before the clinic's page was read. p_newest: the newest xmin of the pages
-- before (null: none). p_whole: the cloud's rows are whole, and were asked for because their contents differ. Returned is
-- where the next page starts; null at the end. drifted: rows that differ though their stamps are the same.
create or replace function sync_compare_keys(
  p_table text,
  p_keys json,
  p_page_is_full boolean,
  p_rows json,
  p_asked_at timestamptz,
  p_newest bigint,
  p_whole boolean,
  out after text,
  out rows_seen bigint,
  out newest bigint,
  out drifted integer
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
  v_drifted uuid[] := '{}';
begin
  after := v_upto::text;
  if p_whole then
    v_drifted := sync_drifted(p_table, p_rows, p_asked_at);
    perform sync_verify_mark(p_table, v_drifted, p_rows, 'comparison');
  end if;
  drifted := cardinality(v_drifted);

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

-- Rows of another content under the same stamp, which neither side has changed openly since p_asked_at.
create or replace function sync_drifted(p_table text, p_rows json, p_asked_at timestamptz)
returns uuid[]
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_ids uuid[];
begin
  execute format(
    $sql$
      select coalesce(array_agg(t.id), '{}')
      from json_to_recordset($1) as r (id uuid, updated_at timestamptz)
      join public.%I t on t.id = r.id
      where t.updated_at is not distinct from r.updated_at
        and not exists (
          select
          from _sync_pending p
          where p.table_name = $2
            and p.record_id = t.id
            and (not p.synced or p.synced_at >= $3)
        )
    $sql$, p_table)
  into v_ids
  using p_rows, p_table, p_asked_at;
  return sync_differing(p_table, p_rows, v_ids);
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
