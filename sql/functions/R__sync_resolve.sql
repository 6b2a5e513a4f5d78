-- Decides a conflict: both versions are kept in _conflicts in the transaction that decides, then the winner stands.
-- Run by Flyway at init; called by the conflict handler with the row that the cloud has now (null: none).
--
-- p_is_needed: the cloud has rows that refer to this one and that the clinic did not delete: it is not deleted there.
--
-- Returns 'busy' (an application has the row), 'again' (no conflict any more), 'done', 'local', 'remote', 'merged'
-- or 'held'. After 'local' and 'merged' the change stands on the cloud's version and is sent by the next claim.
drop function if exists sync_resolve(text, uuid, json, bigint, integer, numeric);
create or replace function sync_resolve(
  p_table text,
  p_id uuid,
  p_current json,
  p_skew_ms bigint,
  p_attempts integer,
  p_delay_seconds numeric,
  p_is_needed boolean default false
)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_unsent text[] := sync_unsent_columns(p_table);
  v_remote jsonb := p_current::jsonb - 'xmin';
  v_present boolean;
  v_locked boolean;
  v_change jsonb;
  v_verdict record;
  v_last record;
  v_base jsonb;
  v_local jsonb;
  v_result jsonb;
  v_strategy text;
  v_kind text;
  v_winner text;
  v_conflict bigint;
  v_remote_stamp timestamptz := (v_remote ->> 'updated_at')::timestamptz;
  v_local_stamp timestamptz;
  v_is_spared boolean;
begin
  perform sync_begin_write();
  v_locked := p_id = any (sync_lock_rows(p_table, array[p_id]));
  execute format('select exists (select from public.%I t where t.id = $1)', p_table) into v_present using p_id;
  if v_present and not v_locked then
    perform sync_postpone(p_table, p_id::text, 2);
    return 'busy';
  end if;

  select
    jsonb_build_object(
      'id', p_id,
      'pending', jsonb_agg(p.id order by p.id),
      'base', (jsonb_agg(p.base order by p.id)) -> 0,
      'row', (jsonb_agg(p.data order by p.id desc)) -> 0,
      'deleted', (array_agg(p.operation order by p.id desc))[1] = 'DELETE')
  into v_change
  from _sync_pending p
  where p.table_name = p_table
    and p.record_id = p_id
    and not p.synced
  having count(*) > 0;
  if v_change is null then
    return 'again';
  end if;

  select * into v_verdict from sync_classify(p_table, v_change, v_remote, v_unsent);
  v_is_spared := p_is_needed and (v_change ->> 'deleted')::boolean and v_remote is not null;
  if v_verdict.verdict = 'send' and not v_is_spared then
    perform sync_refuse(p_table, p_id::text, 'no-row', p_attempts, p_delay_seconds);
    return 'again';
  elsif v_verdict.verdict = 'done' then
    perform sync_confirm(p_table, array[p_id], array[v_verdict.upto], array[p_current]);
    return 'done';
  end if;

  select p.id, p.operation, coalesce(p.changed_at, p.created_at) as changed_at
  into v_last
  from _sync_pending p
  where p.table_name = p_table
    and p.record_id = p_id
    and not p.synced
  order by p.id desc
  limit 1;

  v_strategy := (select m.strategy from _sync_metadata m where m.table_name = p_table);
  v_base := nullif(v_change -> 'base', 'null');
  v_local := case when v_last.operation <> 'DELETE' then v_change -> 'row' end;
  v_local_stamp := v_last.changed_at
    + case when abs(p_skew_ms) > 2000 then interval '1 millisecond' * p_skew_ms else interval '0' end;
  v_kind := sync_conflict_kind(v_base, v_local, v_remote);
  v_winner := case
    when v_strategy = 'manual' then null
    when v_remote is null then 'local'
    when v_is_spared then 'remote'
    when v_remote_stamp is null or v_local_stamp > v_remote_stamp then 'local'
    else 'remote'
  end;
  v_remote := sync_clinic_row(p_table, v_remote, coalesce(v_local, v_base));
  v_result := case v_winner when 'local' then v_local when 'remote' then v_remote end;
  -- What of a restored change is in the cloud, and was changed back there, nobody can tell: nothing is mixed.
  if v_strategy = 'merge'
    and v_kind = 'update_update'
    and sync_is_older(v_remote, v_base) is not true
    and not sync_was_restored(v_change)
  then
    v_winner := 'merged';
    v_result := sync_merge(v_base, v_local, v_remote, coalesce(v_local_stamp > v_remote_stamp, true), v_unsent);
  end if;

  insert into _conflicts (
    table_name, record_id, kind, strategy, winner, base, local_data, remote_data, result,
    local_stamp, remote_stamp, skew_ms, resolved_at, resolved_by, resolution)
  values (
    p_table, p_id, v_kind, v_strategy, v_winner, v_base, v_local, v_remote, v_result,
    v_last.changed_at, v_remote_stamp, p_skew_ms,
    case when v_winner is not null then now() end,
    case when v_winner is not null then 'sync' end,
    v_winner)
  returning id into v_conflict;

  if v_winner is null then
    update _sync_pending p
    set conflict_id = v_conflict
    where p.table_name = p_table
      and p.record_id = p_id
      and not p.synced;
    return 'held';
  end if;

  update _sync_pending p
  set synced = true,
      synced_at = clock_timestamp(),
      error = null
  where p.table_name = p_table
    and p.record_id = p_id
    and not p.synced
    and (v_winner = 'remote' or p.id <> v_last.id);

  if v_winner <> 'remote' then
    update _sync_pending p
    set base = v_remote,
        data = coalesce(v_result, p.data),
        operation = case
          when v_result is null then 'DELETE'
          when v_remote is null then 'INSERT'
          else 'UPDATE'
        end,
        preexisting = false,
        restored = false,
        singly = false,
        retry_count = 0,
        code = null,
        error = null,
        next_attempt_at = null
    where p.id = v_last.id;
  end if;
  if v_result is not null then
    perform sync_write_or_quarantine(
      p_table,
      json_build_array(case when v_winner = 'remote' then p_current else v_result::json end),
      case when v_present then array[p_id] else '{}' end,
      case when v_present then '{}' else array[p_id] end);
  end if;
  return v_winner;
end
$$;

create or replace function sync_conflict_kind(p_base jsonb, p_local jsonb, p_remote jsonb)
returns text
language sql
immutable
as $$
  select case
    when p_remote is null then 'update_delete'
    when p_local is null then 'delete_update'
    when p_base is null then 'insert_insert'
    else 'update_update'
  end
$$;

-- Columns that one side changed since the base are both kept; the later side decides those that both changed.
create or replace function sync_merge(
  p_base jsonb,
  p_local jsonb,
  p_remote jsonb,
  p_local_is_later boolean,
  p_unsent text[]
)
returns jsonb
language sql
immutable
as $$
  select p_remote || coalesce(jsonb_object_agg(l.key, l.value), '{}')
  from jsonb_each(p_local) l
  cross join lateral (select coalesce(p_base -> l.key, 'null') as value) b
  where l.value <> b.value
    and l.key <> all (p_unsent || 'updated_at'::text)
    and (p_remote -> l.key = b.value or p_local_is_later)
$$;
