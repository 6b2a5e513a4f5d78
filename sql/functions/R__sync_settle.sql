-- What a person decides about a kept conflict: which of its versions stands on both sides.
-- Run by Flyway at init; called by the command `conflicts resolve`, beside a running service or without one.
--
-- p_keep: 'local', 'remote', or 'merged': p_clinic_columns as the clinic has them, all others as the cloud has them.
-- p_version: what the person has seen, see sync_conflict_version (null: whatever it is now). verdict: 'settled'; 'already'
-- (it stands so); 'decided' (a person has decided otherwise); 'moved' (it is not what the person has seen, or it is held and
-- the clinic has changed the row again, which the conflict shows now); 'changed' (decided, and the row no longer holds the
-- result); 'missing'. Only 'settled' touches the row.
drop function if exists sync_settle(bigint, text, text);
create or replace function sync_settle(
  p_conflict bigint,
  p_keep text,
  p_by text,
  p_clinic_columns text[],
  p_version text,
  out verdict text,
  out resolution text,
  out resolved_by text,
  out resolved_at timestamptz
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_conflict _conflicts;
  v_merged jsonb;
begin
  perform set_config('lock_timeout', '3s', true);
  select c.* into v_conflict from _conflicts c where c.id = p_conflict for update;
  if p_keep = 'merged' then
    v_merged := sync_merge_by_hand(v_conflict, p_clinic_columns);
  end if;

  if v_conflict.id is null then
    verdict := 'missing';
  elsif v_conflict.resolution = p_keep and (p_keep <> 'merged' or v_conflict.result = v_merged) then
    verdict := 'already';
  elsif v_conflict.resolution <> v_conflict.winner
    or v_conflict.strategy = 'manual' and v_conflict.winner is not null
    or v_conflict.resolution = 'merged' and v_conflict.resolved_by <> 'sync'
  then
    verdict := 'decided';
  elsif p_version <> sync_conflict_version(v_conflict) then
    verdict := 'moved';
  elsif exists (select from _sync_pending p where p.conflict_id = p_conflict and not p.synced) then
    verdict := sync_settle_held(v_conflict, p_keep, v_merged);
  else
    verdict := sync_reinstate(v_conflict, p_keep, v_merged);
  end if;

  if verdict = 'settled' then
    update _conflicts c
    set winner = coalesce(c.winner, p_keep),
        result = case
          when p_keep = 'merged' then v_merged
          when c.winner is not null then c.result
          when p_keep = 'local' then c.local_data
          else c.remote_data
        end,
        resolved_at = clock_timestamp(),
        resolved_by = p_by,
        resolution = p_keep
    where c.id = p_conflict;
  end if;

  select c.resolution, c.resolved_by, c.resolved_at
  into resolution, resolved_by, resolved_at
  from _conflicts c
  where c.id = p_conflict;
end
$$;

-- A number of the versions as they are kept now: another one where what a person has seen is no longer so.
create or replace function sync_conflict_version(p_conflict _conflicts)
returns text
language sql
stable
as $$
  select md5(concat_ws('|', p_conflict.resolution, p_conflict.local_data, p_conflict.remote_data, p_conflict.result))
$$;

-- The cloud's version with the columns that the person takes from the clinic's.
create or replace function sync_merge_by_hand(p_conflict _conflicts, p_clinic_columns text[])
returns jsonb
language sql
stable
set search_path = public, pg_temp
as $$
  select p_conflict.remote_data || coalesce(jsonb_object_agg(l.key, l.value), '{}')
  from jsonb_each(p_conflict.local_data) l
  where l.key = any (p_clinic_columns)
    and l.key <> all (sync_unsent_columns(p_conflict.table_name) || 'updated_at'::text)
$$;

-- Lets the clinic's held change, or what was merged, go on top of the version that the person saw, or puts that version
-- into the clinic.
drop function if exists sync_settle_held(_conflicts, text);
create or replace function sync_settle_held(p_conflict _conflicts, p_keep text, p_merged jsonb)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_table text := p_conflict.table_name;
  v_id uuid := p_conflict.record_id;
  v_unsent text[] := sync_unsent_columns(v_table);
  v_present boolean;
  v_last record;
  v_local jsonb;
begin
  perform sync_begin_write();
  execute format('select true from public.%I t where t.id = $1 for update', v_table) into v_present using v_id;

  -- Read after the lock was had: no later change of the row is missed.
  select p.id, p.operation, p.data, coalesce(p.changed_at, p.created_at) as changed_at
  into v_last
  from _sync_pending p
  where p.table_name = v_table
    and p.record_id = v_id
    and not p.synced
  order by p.id desc
  limit 1;
  v_local := case when v_last.operation <> 'DELETE' then v_last.data end;

  if sync_content(v_table, v_local, v_unsent) is distinct from sync_content(v_table, p_conflict.local_data, v_unsent) then
    update _conflicts c
    set kind = sync_conflict_kind(c.base, v_local, c.remote_data),
        local_data = v_local,
        local_stamp = v_last.changed_at
    where c.id = p_conflict.id;
    return 'moved';
  end if;

  update _sync_pending p
  set synced = true,
      synced_at = clock_timestamp(),
      error = null,
      next_attempt_at = null
  where p.table_name = v_table
    and p.record_id = v_id
    and not p.synced
    and (p.id < v_last.id or p.id = v_last.id and p_keep = 'remote');
  delete from _sync_quarantine q
  where q.direction = 'UP'
    and q.table_name = v_table
    and q.record_id = v_id;

  if p_keep = 'remote' then
    perform sync_take_cloud_row(v_table, v_id, p_conflict.remote_data, coalesce(v_present, false));
  else
    update _sync_pending p
    set base = p_conflict.remote_data,
        data = coalesce(p_merged, p.data),
        operation = case
          when v_local is null then 'DELETE'
          when p_conflict.remote_data is null then 'INSERT'
          else 'UPDATE'
        end,
        preexisting = false,
        conflict_id = null,
        error = null,
        retry_count = 0,
        next_attempt_at = null
    where p.id = v_last.id;
    if p_merged is not null then
      perform sync_write_rows(p_conflict.table_name, json_build_array(p_merged), array[v_id], '{}');
    end if;
  end if;
  return 'settled';
end
$$;

-- Puts the cloud's version that a conflict kept into the clinic, and has the next pass look what the cloud has by then. Columns
-- that only the clinic has stay as they are. null: deletes the row; as long as another row needs it, it is left for a later
-- comparison.
create or replace function sync_take_cloud_row(p_table text, p_id uuid, p_row jsonb, p_present boolean)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_row jsonb := p_row;
  v_written uuid[];
begin
  if p_row is null and cardinality(sync_still_needed(p_table, array[p_id], null, null)) > 0 then
    insert into _sync_suspect (table_name, record_id, kind)
    select m.table_name, p_id, 'gone'
    from _sync_metadata m
    where m.table_name = p_table
      and m.fed_alone
    on conflict (table_name, record_id) do update
    set kind = excluded.kind;
  elsif p_row is null then
    execute format('delete from public.%I where id = $1', p_table) using p_id;
  else
    if p_present then
      v_row := (
        select jsonb_object_agg(r.key, r.value)
        from jsonb_each(p_row) r
        join _sync_metadata m on m.table_name = p_table
        where r.key = any (m.cloud_columns)
      );
    end if;
    v_written := sync_write_rows(
      p_table,
      json_build_array(v_row),
      case when p_present then array[p_id] else '{}' end,
      case when p_present then '{}' else array[p_id] end);
    if cardinality(v_written) = 0 then
      raise exception 'the row was inserted meanwhile' using errcode = 'lock_not_available';
    end if;
  end if;

  insert into _sync_revisit as r (table_name, record_id, by_content)
  values (p_table, p_id, true)
  on conflict (table_name, record_id) do update
  set noted_at = now(),
      by_content = true;
  insert into _sync_log (direction, table_name, records_affected, status)
  values ('DOWN', p_table, 1, 'SUCCESS');
end
$$;

-- Makes the version that lost a decided conflict, or what was merged, the clinic's row, by a change like any other: its triggers fire,
-- it is captured, and it is sent on the condition that the cloud's row is still the one that the clinic knows.
drop function if exists sync_reinstate(_conflicts, text);
create or replace function sync_reinstate(p_conflict _conflicts, p_keep text, p_merged jsonb)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_table text := p_conflict.table_name;
  v_unsent text[] := sync_unsent_columns(v_table);
  v_kept jsonb := case p_keep when 'local' then p_conflict.local_data when 'merged' then p_merged else p_conflict.remote_data end;
  v_other jsonb := case p_keep when 'local' then p_conflict.remote_data else p_conflict.local_data end;
  v_row jsonb;
  v_now jsonb;
  v_wanted jsonb;
  v_statement text;
begin
  execute format('select to_jsonb(t) from public.%I t where t.id = $1 for update', v_table)
  into v_row
  using p_conflict.record_id;
  v_now := sync_content(v_table, v_row, v_unsent);
  v_wanted := sync_content(v_table, v_kept, v_unsent);
  if v_now is not distinct from v_wanted then
    return 'settled';
  elsif v_now is distinct from sync_content(
    v_table, case when p_conflict.winner is null then v_other else p_conflict.result end, v_unsent)
  then
    return 'changed';
  end if;

  if v_kept is null then
    v_statement := format('delete from public.%I where id = ($1 ->> ''id'')::uuid', v_table);
  elsif v_row is null then
    select format(
      'insert into public.%1$I (%2$s) overriding system value select %2$s from jsonb_populate_record(null::public.%1$I, $1)',
      v_table, string_agg(quote_ident(a.attname), ', ' order by a.attnum))
    into v_statement
    from pg_attribute a
    where a.attrelid = format('public.%I', v_table)::regclass
      and a.attnum > 0
      and not a.attisdropped
      and a.attgenerated = '';
  else
    select format(
      'update public.%1$I t set %2$s from jsonb_populate_record(null::public.%1$I, $1) s where t.id = s.id',
      v_table, string_agg(format('%1$I = s.%1$I', w.key), ', '))
    into v_statement
    from jsonb_each(v_wanted || '{"updated_at": null}') w
    where w.value is distinct from v_now -> w.key;
  end if;

  -- The triggers of the clinic's programs expect the search path that their own sessions have.
  perform set_config('search_path', (select s.reset_val from pg_settings s where s.name = 'search_path'), true);
  execute v_statement
  using coalesce(v_kept, v_row) || jsonb_build_object('updated_at', clock_timestamp());
  return 'settled';
end
$$;
