-- Writes rows of the cloud into a clinic table, set-based; the caller has locked and tested them.
-- Run by Flyway at init; called by sync_apply_chunk, sync_confirm and sync_resolve inside their transaction.
create or replace function sync_begin_write()
returns void
language plpgsql
as $$
begin
  perform set_config('session_replication_role', 'replica', true);
  perform set_config('app.is_sync', 'true', true);
  perform set_config('lock_timeout', '3s', true);
  set constraints all immediate;
  if current_setting('session_replication_role') <> 'replica' or current_setting('app.is_sync') <> 'true' then
    raise exception 'sync could not silence the triggers of this transaction';
  end if;
end
$$;

-- Locks what can be locked at once of these rows, and returns their ids: what an application holds is left to it. What
-- is to be tested is read after this, in a statement of its own.
create or replace function sync_lock_rows(p_table text, p_ids uuid[])
returns uuid[]
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_locked uuid[];
begin
  execute format(
    $sql$
      select coalesce(array_agg(l.id), '{}')
      from (select t.id from public.%I t where t.id = any ($1) order by t.id for update skip locked) l
    $sql$, p_table)
  into v_locked
  using p_ids;
  return v_locked;
end
$$;

-- Whether the clinic may have one of these rows: whether it has any between the first and the last of them. A page of a
-- first load is spared two readings of each of its ids where it has none. An insert that comes meanwhile stops the
-- service's own, which is then left for a visit.
create or replace function sync_has_among(p_table text, p_ids uuid[])
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_sorted uuid[] := array(select unnest(p_ids) order by 1);
begin
  return sync_has_between(p_table, v_sorted[1], v_sorted[cardinality(v_sorted)]);
end
$$;

-- Whether the clinic has any row from this id to that one.
create or replace function sync_has_between(p_table text, p_first uuid, p_last uuid)
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_found uuid;
begin
  execute format('select t.id from public.%I t where t.id between $1 and $2 order by t.id limit 1', p_table)
  into v_found
  using p_first, p_last;
  return v_found is not null;
end
$$;

-- Columns that both sides may have by now without the service knowing: what the clinic has there stays until it does, and
-- the whole table is read again.
create or replace function sync_unlearnt_columns(p_table text)
returns text[]
language sql
stable
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(a.attname::text), '{}')
  from pg_attribute a
  join _sync_metadata m on m.table_name = p_table
  where a.attrelid = format('public.%I', p_table)::regclass
    and a.attnum > 0
    and not a.attisdropped
    and a.attname <> all (m.shared_columns)
$$;

-- p_update: ids that exist and are locked. p_insert: ids that don't exist. p_columns: those of the rows, where they are known.
-- Returns the ids inserted or updated.
create or replace function sync_write_rows(
  p_table text,
  p_rows json,
  p_update uuid[],
  p_insert uuid[],
  p_columns text[] default null
)
returns uuid[]
language plpgsql
set search_path = public, pg_temp
set datestyle = 'ISO, YMD'
as $$
declare
  v_given text[] := coalesce(p_columns, array(select json_object_keys(p_rows -> 0)));
  v_unlearnt text[] := sync_unlearnt_columns(p_table);
  v_columns text;
  v_assignments text;
  v_moved_identity text;
  v_moved uuid[] := '{}';
  v_updated uuid[] := '{}';
  v_inserted uuid[] := '{}';
begin
  select
    string_agg(quote_ident(a.attname), ', ' order by a.attnum),
    string_agg(format('%1$I = s.%1$I', a.attname), ', ' order by a.attnum)
      filter (where a.attname <> 'id' and a.attidentity <> 'a'),
    string_agg(format('t.%1$I is distinct from s.%1$I', a.attname), ' or ') filter (where a.attidentity = 'a')
  into v_columns, v_assignments, v_moved_identity
  from pg_attribute a
  where a.attrelid = format('public.%I', p_table)::regclass
    and a.attnum > 0
    and not a.attisdropped
    and a.attgenerated = ''
    and a.attname = any (v_given)
    and a.attname <> all (v_unlearnt);

  if cardinality(p_update) > 0 then
    if v_moved_identity is not null then
      execute format(
        $sql$
          select coalesce(array_agg(t.id), '{}')
          from json_populate_recordset(null::public.%1$I, $1) s
          join public.%1$I t on t.id = s.id
          where t.id = any ($2)
            and (%2$s)
        $sql$, p_table, v_moved_identity)
      into v_moved
      using p_rows, p_update;
      perform sync_replace_rows(p_table, p_rows, v_moved);
    end if;
    execute format(
      $sql$
        with written as (
          update public.%1$I t
          set %2$s
          from json_populate_recordset(null::public.%1$I, $1) s
          where t.id = s.id
            and t.id = any ($2)
            and t.id <> all ($3)
          returning t.id
        )
        select coalesce(array_agg(id), '{}') from written
      $sql$, p_table, coalesce(v_assignments, 'id = t.id'))
    into v_updated
    using p_rows, p_update, v_moved;
  end if;

  if cardinality(p_insert) > 0 then
    execute format(
      $sql$
        with written as (
          insert into public.%1$I (%2$s) overriding system value
          select %2$s
          from json_populate_recordset(null::public.%1$I, $1) s
          where s.id = any ($2)
          on conflict (id) do nothing
          returning id
        )
        select coalesce(array_agg(id), '{}') from written
      $sql$, p_table, v_columns)
    into v_inserted
    using p_rows, p_insert;
  end if;

  return v_moved || v_updated || v_inserted;
end
$$;

-- Deletes and inserts rows in one go, keeping the columns that only the clinic has: for identity values and
-- unique values that moved between rows.
create or replace function sync_replace_rows(p_table text, p_rows json, p_ids uuid[])
returns void
language plpgsql
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_columns text;
  v_kept jsonb;
begin
  if cardinality(p_ids) = 0 then
    return;
  end if;
  select string_agg(quote_ident(a.attname), ', ')
  into v_columns
  from pg_attribute a
  where a.attrelid = format('public.%I', p_table)::regclass
    and a.attnum > 0
    and not a.attisdropped
    and a.attgenerated = '';

  execute format('select jsonb_object_agg(t.id, to_jsonb(t)) from public.%I t where t.id = any ($1)', p_table)
  into v_kept
  using p_ids;
  execute format('delete from public.%I where id = any ($1)', p_table) using p_ids;
  execute format(
    $sql$
      insert into public.%1$I (%2$s) overriding system value
      select %2$s
      from json_array_elements($1) e
      cross join lateral jsonb_populate_record(null::public.%1$I, coalesce($3 -> (e ->> 'id'), '{}') || (e::jsonb - $4))
      where (e ->> 'id')::uuid = any ($2)
    $sql$, p_table, v_columns)
  using p_rows, p_ids, v_kept, sync_unlearnt_columns(p_table);
end
$$;

-- Writes what can be written: all at once; else row by row until nothing moves any more; else together the rows
-- between which a unique value moved. What still fails goes to the quarantine. Returns the ids written.
create or replace function sync_write_or_quarantine(
  p_table text,
  p_rows json,
  p_update uuid[],
  p_insert uuid[],
  p_columns text[] default null
)
returns uuid[]
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_written uuid[] := '{}';
  v_left uuid[] := p_update || p_insert;
  v_failures jsonb;
  v_before integer;
begin
  begin
    return sync_write_rows(p_table, p_rows, p_update, p_insert, p_columns);
  exception
    when others then
      if not sync_is_of_the_row(sqlstate) then
        raise;
      end if;
  end;

  loop
    v_before := cardinality(v_left);
    v_failures := sync_write_singly(p_table, p_rows, p_update, p_insert, v_left);
    v_left := array(select (f ->> 'id')::uuid from jsonb_array_elements(v_failures) f);
    exit when cardinality(v_left) in (0, v_before);
  end loop;
  v_written := array(select unnest(p_update || p_insert) except select unnest(v_left));

  begin
    v_left := array(select (f ->> 'id')::uuid from jsonb_array_elements(v_failures) f where f ->> 'state' = '23505');
    perform sync_replace_rows(p_table, p_rows, v_left);
    v_written := v_written || v_left;
  exception
    when others then
      if not sync_is_of_the_row(sqlstate) then
        raise;
      end if;
  end;

  insert into _sync_quarantine as q (direction, table_name, record_id, data, code, reason)
  select 'DOWN', p_table, (f ->> 'id')::uuid, f -> 'row', f ->> 'state', f ->> 'reason'
  from jsonb_array_elements(v_failures) f
  where (f ->> 'id')::uuid <> all (v_written)
  on conflict (direction, table_name, record_id) do update
  set data = excluded.data,
      code = excluded.code,
      reason = excluded.reason,
      attempts = q.attempts + 1,
      last_at = now(),
      given_up_at = case when q.data = excluded.data then q.given_up_at end,
      given_up_by = case when q.data = excluded.data then q.given_up_by end,
      given_up_reason = case when q.data = excluded.data then q.given_up_reason end;
  return v_written;
end
$$;

-- Writes the rows of p_ids one by one. Returns those that failed: [{id, state, reason, row}].
create or replace function sync_write_singly(
  p_table text,
  p_rows json,
  p_update uuid[],
  p_insert uuid[],
  p_ids uuid[]
)
returns jsonb
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_failures jsonb := '[]';
  v_row json;
  v_id uuid;
  v_state text;
  v_constraint text;
  v_column text;
begin
  for v_row in select e from json_array_elements(p_rows) e where (e ->> 'id')::uuid = any (p_ids) loop
    v_id := (v_row ->> 'id')::uuid;
    begin
      perform sync_write_rows(
        p_table,
        json_build_array(v_row),
        array(select v_id where v_id = any (p_update)),
        array(select v_id where v_id = any (p_insert)));
    exception
      when others then
        if not sync_is_of_the_row(sqlstate) then
          raise;
        end if;
        get stacked diagnostics
          v_state = returned_sqlstate,
          v_constraint = constraint_name,
          v_column = column_name;
        v_failures := v_failures || jsonb_build_object(
          'id', v_id,
          'state', v_state,
          'reason', sync_reason(
            case when v_state = '23502' and not v_row::jsonb ? v_column then '23502-clinic' else v_state end,
            v_constraint,
            v_column),
          'row', v_row::jsonb);
    end;
  end loop;
  return v_failures;
end
$$;

-- Whether a failure is the row's own, and not one of the connection, the server, a lock, the disk or a right.
create or replace function sync_is_of_the_row(p_state text)
returns boolean
language sql
immutable
as $$
  select left(p_state, 2) in ('0A', '21', '22', '23', '27', '2F', '38', '39', '44', '54', 'P0')
$$;
