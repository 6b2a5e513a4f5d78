-- Tables read again from the beginning, and tables that are no longer synced.
-- Run by Flyway at init; called by TableInstallation, beside a running service or without one.
--
-- Reads all rows of a table from the cloud again and compares them by content; rows of the clinic with a pending change stay
-- as they are, and what the cloud no longer has is looked for afterwards. 'missing': not synced; 'loading': under way already.
create or replace function sync_reload_table(p_table text)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_table _sync_metadata;
begin
  select m.* into v_table from _sync_metadata m where m.table_name = p_table and m.active for update;
  if not found or v_table.direction = 'up' then
    return 'missing';
  elsif v_table.loaded_at is null then
    return 'loading';
  end if;
  update _sync_metadata m
  set loaded_at = null,
      load_rows = 0,
      refill_columns = coalesce(m.refill_columns, '{}'),
      reloading = true,
      compare_due_at = now()
  where m.table_name = p_table;
  delete from _sync_load where table_name = p_table;
  return 'begun';
end
$$;

-- Ends the capture of a table whose file is gone, so that nothing is noted any more that nobody sends; its rows and kept
-- conflicts stay. Synced again, it begins with a first load.
--
-- unsent: changes that wait; then nothing was done. dropped: false where the table belongs to somebody else, who alone may
-- drop its triggers; then changes go on being noted, and the table would go on where it stands.
create or replace function sync_release_table(p_table text, out unsent bigint, out dropped boolean)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_relation regclass := to_regclass(format('public.%I', p_table));
begin
  perform set_config('lock_timeout', '10s', true);
  dropped := v_relation is null
    or pg_has_role((select c.relowner from pg_class c where c.oid = v_relation), 'USAGE');
  if v_relation is not null and dropped then
    execute format('lock table %s in access exclusive mode', v_relation);
  end if;
  unsent := (select count(*) from _sync_pending p where p.table_name = p_table and not p.synced);
  if unsent > 0 or not dropped then
    return;
  end if;

  if v_relation is not null then
    execute format('drop trigger if exists %I on %s', 'sync_changes_' || p_table, v_relation);
    execute format('drop trigger if exists %I on %s', 'sync_no_truncate_' || p_table, v_relation);
  end if;
  delete from _sync_load where table_name = p_table;
  delete from _sync_revisit where table_name = p_table;
  delete from _sync_suspect where table_name = p_table;
  delete from _sync_quarantine where table_name = p_table;
  delete from _sync_metadata where table_name = p_table;
end
$$;
