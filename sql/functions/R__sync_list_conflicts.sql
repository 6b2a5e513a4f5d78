-- What a person reads about kept conflicts: which there are, and how their versions differ.
-- Run by Flyway at init; called by the commands `conflicts list` and `conflicts show`.
--
-- Those that wait for a person come first, the oldest of them on top; then the newest p_decided of the others (null: all).
create or replace function sync_list_conflicts(p_decided integer)
returns table (
  id bigint,
  table_name text,
  record_id uuid,
  kind text,
  strategy text,
  winner text,
  created_at timestamptz,
  local_stamp timestamptz,
  remote_stamp timestamptz,
  skew_ms bigint,
  resolved_at timestamptz,
  resolved_by text,
  resolution text
)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    c.id, c.table_name, c.record_id, c.kind, c.strategy, c.winner, c.created_at, c.local_stamp, c.remote_stamp, c.skew_ms,
    c.resolved_at, c.resolved_by, c.resolution
  from _conflicts c
  where c.resolved_at is null
    or c.id in (
      select d.id
      from _conflicts d
      where d.resolved_at is not null
      order by d.resolved_at desc, d.id desc
      limit p_decided
    )
  order by c.resolved_at desc nulls first, case when c.resolved_at is null then c.id end, c.id desc
$$;

-- The columns of a conflict's versions but the stamp and those that are computed from others, each value as JSON (null: no such row). A column differs where two
-- versions that exist do; without a base each side is compared with the other.
create or replace function sync_conflict_columns(p_conflict bigint)
returns table (
  name text,
  base text,
  clinic text,
  cloud text,
  result text,
  differs boolean,
  by_clinic boolean,
  by_cloud boolean
)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    k.name,
    v.base::text,
    v.clinic::text,
    v.cloud::text,
    v.result::text,
    (select count(distinct x) from unnest(array[v.base, v.clinic, v.cloud]) x) > 1
      or num_nonnulls(v.base, v.clinic, v.cloud) = 1 and coalesce(v.base, v.clinic, v.cloud) <> 'null',
    coalesce(v.clinic <> coalesce(v.base, v.cloud, 'null'), false),
    coalesce(v.cloud <> coalesce(v.base, v.clinic, 'null'), false)
  from _conflicts c
  cross join lateral jsonb_object_keys(
    coalesce(c.base, '{}') || coalesce(c.local_data, '{}') || coalesce(c.remote_data, '{}')) k (name)
  cross join lateral (
    select
      case when c.base is not null then coalesce(c.base -> k.name, 'null') end as base,
      case when c.local_data is not null then coalesce(c.local_data -> k.name, 'null') end as clinic,
      case when c.remote_data is not null then coalesce(c.remote_data -> k.name, 'null') end as cloud,
      case when c.result is not null then coalesce(c.result -> k.name, 'null') end as result
  ) v
  left join pg_attribute a
    on a.attrelid = to_regclass(format('public.%I', c.table_name))
    and a.attname = k.name
  where c.id = p_conflict
    and k.name <> 'updated_at'
    and coalesce(a.attgenerated, '') = ''
  order by a.attnum nulls last, k.name
$$;
