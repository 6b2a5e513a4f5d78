-- Which tables are synced: what their route files declare, what the clinic has, what the cloud has.
-- Run by Flyway at init; called at every start and when the cloud's tables are learnt.
create or replace function sync_declare_table(
  p_table text,
  p_direction text,
  p_strategy text,
  p_filter text,
  p_derived text[]
)
returns void
language sql
set search_path = public, pg_temp
as $$
  insert into _sync_metadata (table_name, direction, strategy, cloud_filter, derived_columns)
  values (p_table, p_direction, p_strategy, p_filter, p_derived)
  on conflict (table_name) do update
  set direction = excluded.direction,
      strategy = excluded.strategy,
      cloud_filter = excluded.cloud_filter,
      derived_columns = excluded.derived_columns,
      active = sync_unfit(p_table) is null and sync_captures(p_table) and _sync_metadata.cloud_columns is not null
$$;

-- Why a table of the clinic cannot be synced; NULL where it can.
create or replace function sync_unfit(p_table text)
returns text
language sql
stable
set search_path = public, pg_temp
as $$
  select case
    when to_regclass(format('public.%I', p_table)) is null then 'missing'
    when not exists (
      select
      from pg_attribute a
      where a.attrelid = to_regclass(format('public.%I', p_table))
        and a.attname = 'updated_at'
        and a.atttypid = 'timestamptz'::regtype
        and not a.attisdropped
    ) then 'without updated_at timestamptz'
    when not exists (
      select
      from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = to_regclass(format('public.%I', p_table))
        and i.indisunique
        and i.indpred is null
        and i.indnkeyatts = 1
        and a.attname = 'id'
        and a.atttypid = 'uuid'::regtype
    ) then 'without a unique id uuid'
    when not sync_may_write(p_table) then 'without rights'
    when row_security_active(format('public.%I', p_table)) then 'hidden by row level security'
  end
$$;

-- What missing-rights.sql tells a person, of one table. A default that counts needs its sequence.
create or replace function sync_may_write(p_table text)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select bool_and(has_table_privilege(format('public.%I', p_table), p.name))
    and not exists (
      select
      from pg_attrdef d
      join pg_depend u on u.classid = 'pg_attrdef'::regclass and u.objid = d.oid and u.refclassid = 'pg_class'::regclass
      join pg_class s on s.oid = u.refobjid
      where d.adrelid = format('public.%I', p_table)::regclass
        and case when s.relkind = 'S' then not has_sequence_privilege(s.oid, 'USAGE') end
    )
  from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRIGGER']) as p (name)
$$;

-- Whether the triggers of a table are in place, so that no change of the clinic is missed.
create or replace function sync_captures(p_table text)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select count(*) = 2
  from pg_trigger t
  where t.tgrelid = to_regclass(format('public.%I', p_table))
    and t.tgenabled in ('O', 'A')
    and (
      t.tgname = ('sync_changes_' || p_table)::name and t.tgfoid = to_regprocedure('public.log_local_changes()') and t.tgtype = 29
      or t.tgname = ('sync_no_truncate_' || p_table)::name and t.tgfoid = to_regprocedure('public.sync_refuse_truncate()')
    )
$$;

-- p_columns: the cloud's columns of the table, NULL where the cloud has no such table. Returns whether it is synced.
-- Where a column appears on both sides that only one had, all rows are read again: their stamps have not moved.
create or replace function sync_learn_table(p_table text, p_columns text[])
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_table _sync_metadata;
  v_active boolean := coalesce('{id,updated_at}' <@ p_columns, false)
    and sync_unfit(p_table) is null
    and sync_captures(p_table);
  v_shared text[];
  v_new text[];
begin
  select m.* into v_table from _sync_metadata m where m.table_name = p_table;
  if not v_active then
    update _sync_metadata
    set cloud_columns = coalesce(p_columns, cloud_columns),
        active = false
    where table_name = p_table;
    return false;
  end if;

  v_shared := array(
    select a.attname::text
    from pg_attribute a
    where a.attrelid = format('public.%I', p_table)::regclass
      and a.attnum > 0
      and a.attgenerated = ''
      and not a.attisdropped
      and a.attname = any (p_columns)
    order by 1
  );
  v_new := array(
    select unnest(v_shared)
    where v_table.load_started_at is not null
      and v_table.direction <> 'up'
    except
    select unnest(v_table.shared_columns)
  );
  if v_table.shared_columns is null or cardinality(v_new) = 0 then
    update _sync_metadata
    set cloud_columns = p_columns,
        shared_columns = v_shared,
        active = true
    where table_name = p_table
      and (cloud_columns, shared_columns, active) is distinct from (p_columns, v_shared, true);
    return true;
  end if;

  update _sync_metadata
  set cloud_columns = p_columns,
      shared_columns = v_shared,
      active = true,
      loaded_at = null,
      load_rows = 0,
      refill_columns = coalesce(refill_columns, '{}') || array(
        select unnest(v_new)
        except
        select unnest(v_table.cloud_columns)
      )
  where table_name = p_table;
  delete from _sync_load where table_name = p_table;
  return true;
end
$$;
