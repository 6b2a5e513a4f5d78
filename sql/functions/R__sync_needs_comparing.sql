-- Whether a table's keys are to be compared now.
-- p_range: the Content-Range of the cloud's exact count. p_night: the last nightly hour. p_thorough: asked for by a
-- person, who gets no rest from what was found before.
-- Run by Flyway at init; called by the step 'needs' of the route 'reconcile-count'.
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

  return v_table.compare_due_at is not null
    or coalesce(v_table.compared_at, v_table.loaded_at) < p_night
    or v_hidden and v_rested
    or v_cloud <> v_clinic - v_new + v_gone
      and (v_rested or (v_cloud, v_clinic) is distinct from (v_table.compared_cloud, v_table.compared_clinic));
end
$$;
