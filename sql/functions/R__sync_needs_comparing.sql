-- Which tables are looked at, and whether their keys are to be compared now.
-- Run by Flyway at init; called by the routes 'reconcile', 'reconcile-table' and 'reconcile-count'.
--
-- p_night: the last nightly hour.

-- What the cloud's feed tells needs no counting: such a table is looked at when a comparison is due, or a guard may be lifted.
create or replace function sync_tables_to_look_at(p_night timestamptz)
returns setof text
language sql
stable
set search_path = public, pg_temp
as $$
  select m.table_name
  from _sync_metadata m
  where sync_is_comparable(m)
    and (not m.fed_alone or m.guard is not null or sync_comparison_is_due(m.table_name, p_night))
  order by 1
$$;

create or replace function sync_is_comparable(p_table _sync_metadata)
returns boolean
language sql
immutable
as $$
  select p_table.active and p_table.direction <> 'up' and p_table.loaded_at is not null
$$;

-- Whether the keys are to be compared whatever the counts are.
create or replace function sync_comparison_is_due(p_table text, p_night timestamptz)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select exists (
    select
    from _sync_metadata m
    where m.table_name = p_table
      and sync_is_comparable(m)
      and (m.compare_due_at is not null or coalesce(m.compared_at, m.loaded_at) < p_night)
  )
$$;

-- Whether the counts call for it. p_range: the Content-Range of the cloud's exact count. p_thorough: asked for by a person,
-- who gets no rest from what was found before.
create or replace function sync_needs_comparing(p_table text, p_range text, p_thorough boolean)
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
    and sync_is_comparable(m);
  if not found then
    return false;
  end if;

  v_clinic := sync_count(p_table);
  select w.added, w.deleted into v_new, v_gone from sync_unsent_rows(p_table) w;
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

  return v_hidden and v_rested
    or v_cloud <> v_clinic - v_new + v_gone
      and (v_rested or (v_cloud, v_clinic) is distinct from (v_table.compared_cloud, v_table.compared_clinic));
end
$$;
