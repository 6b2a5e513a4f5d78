-- What a person decides about a kept conflict: which of its versions stands on both sides.
-- Run by Flyway at init; called by the command `conflicts resolve`, beside a running service or without one.
--
-- p_keep: 'local' or 'remote'. verdict: 'settled'; 'already' (it stands so); 'decided' (a person has decided otherwise);
-- 'moved' (held, and the clinic has changed the row again: the conflict shows that now); 'changed' (decided, and the row
-- no longer holds the result); 'missing'. Only 'settled' touches the row.
create or replace function sync_settle(
  p_conflict bigint,
  p_keep text,
  p_by text,
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
begin
  perform set_config('lock_timeout', '3s', true);
  select c.* into v_conflict from _conflicts c where c.id = p_conflict for update;

  if v_conflict.id is null then
    verdict := 'missing';
  elsif v_conflict.resolution = p_keep then
    verdict := 'already';
  elsif v_conflict.resolution <> v_conflict.winner or v_conflict.strategy = 'manual' and v_conflict.winner is not null then
    verdict := 'decided';
  elsif exists (select from _sync_pending p where p.conflict_id = p_conflict and not p.synced) then
    verdict := sync_settle_held(v_conflict, p_keep);
  else
    verdict := sync_reinstate(v_conflict, p_keep);
  end if;

  if verdict = 'settled' then
    update _conflicts c
    set winner = coalesce(c.winner, p_keep),
        result = case
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

-- Lets the clinic's held change go on top of the version that the person saw, or puts that version into the clinic.
create or replace function sync_settle_held(p_conflict _conflicts, p_keep text)
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
  end if;
  return 'settled';
end
$$;

-- Puts the cloud's version that a conflict kept into the clinic (null: deletes the row), and has the next pass look what
-- the cloud has by then. Columns that only the clinic has stay as they are.
create or replace function sync_take_cloud_row(p_table text, p_id uuid, p_row jsonb, p_present boolean)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_row jsonb := p_row;
  v_written uuid[];
begin
  if p_row is null then
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

-- Makes the version that lost a decided conflict the clinic's row again, by a change like any other: its triggers fire,
-- it is captured, and it is sent on the condition that the cloud's row is still the one that the clinic knows.
create or replace function sync_reinstate(p_conflict _conflicts, p_keep text)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_table text := p_conflict.table_name;
  v_unsent text[] := sync_unsent_columns(v_table);
  v_kept jsonb := case p_keep when 'local' then p_conflict.local_data else p_conflict.remote_data end;
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
