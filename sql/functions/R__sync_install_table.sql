-- Installs the capture triggers of one table and marks the rows that it held before sync knew it.
-- Run by Flyway at init; called for every table that the routes name; changes nothing where all is in place.
create or replace function sync_install_table(p_table text)
returns boolean
language plpgsql
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_table regclass := format('public.%I', p_table)::regclass;
  v_captures boolean;
  v_guards boolean;
begin
  perform set_config('lock_timeout', '10s', true);

  select
    coalesce(bool_or(t.tgfoid = 'public.log_local_changes'::regproc and t.tgenabled in ('O', 'A') and t.tgtype = 29), false),
    coalesce(bool_or(t.tgfoid = 'public.sync_refuse_truncate'::regproc and t.tgenabled in ('O', 'A')), false)
  into v_captures, v_guards
  from pg_trigger t
  where t.tgrelid = v_table
    and t.tgname in (('sync_changes_' || p_table)::name, ('sync_no_truncate_' || p_table)::name);

  if not v_guards then
    perform sync_make_trigger(
      v_table,
      'sync_no_truncate_' || p_table,
      'before truncate on %s for each statement execute function sync_refuse_truncate()');
  end if;
  if not v_captures then
    perform sync_make_trigger(
      v_table,
      'sync_changes_' || p_table,
      'after insert or update or delete on %s for each row execute function log_local_changes()');
  end if;

  if not exists (select from _sync_metadata m where m.table_name = p_table and m.load_started_at is not null) then
    execute format(
      $sql$
        insert into _sync_pending (table_name, record_id, operation, data, changed_at, preexisting)
        select $1, t.id, 'INSERT', to_jsonb(t), coalesce(t.updated_at, now()), true
        from %s t
        where not exists (
          select from _sync_pending p where p.table_name = $1 and p.record_id = t.id and not p.synced
        )
      $sql$, v_table)
    using p_table;
  end if;

  return not (v_captures and v_guards);
end
$$;

-- Makes a trigger, or makes it anew and enabled. Only an owner may drop one, and the service's user need not be the owner;
-- PostgreSQL 13 and older cannot replace it.
create or replace function sync_make_trigger(p_table regclass, p_name text, p_definition text)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_replaces boolean := current_setting('server_version_num')::integer >= 140000;
begin
  if not v_replaces then
    execute format('drop trigger if exists %I on %s', p_name, p_table);
  end if;
  execute format('create %s trigger %I ', case when v_replaces then 'or replace' end, p_name)
    || format(p_definition, p_table);
end
$$;
