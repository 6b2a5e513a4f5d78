-- What a refusal of the cloud does to the changes that it met: smaller chunks, later attempts, the quarantine.
-- Run by Flyway at init; called by the failure rules of the up routes. Only an answer of the server comes here.
create or replace function sync_refuse(
  p_table text,
  p_ids text,
  p_code text,
  p_attempts integer,
  p_delay_seconds numeric
)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_ids uuid[] := string_to_array(p_ids, ',')::uuid[];
  v_reason text := sync_reason(p_code, null, null) || ' (code ' || p_code || ')';
begin
  -- What concerns the whole table is no row's fault: there is no bad row to find by smaller chunks.
  if cardinality(v_ids) > 1 and p_code not in ('42501', '42P01', '42703', 'PGRST204', 'PGRST205') then
    update _sync_pending p
    set chunk_limit = greatest(1, cardinality(v_ids) / 2)
    where p.table_name = p_table
      and p.record_id = any (v_ids)
      and not p.synced;
    return 'split';
  end if;

  update _sync_pending p
  set retry_count = p.retry_count + 1,
      error = v_reason,
      next_attempt_at = clock_timestamp() + interval '1 second' * (0.8 + 0.4 * random()) * least(
        3600,
        power(2, least(p.retry_count, 12))
          * case when p_code in ('23503', '23505') then least(1, p_delay_seconds) else p_delay_seconds end)
  where p.table_name = p_table
    and p.record_id = any (v_ids)
    and not p.synced;

  insert into _sync_log (direction, table_name, records_affected, status, error_message)
  values ('UP', p_table, 0, 'ERROR', v_reason);

  insert into _sync_quarantine as q (
    direction, table_name, record_id, pending_id, data, code, reason, attempts, next_attempt_at)
  select distinct on (p.record_id)
    'UP', p_table, p.record_id, p.id, p.data, p_code, v_reason, p.retry_count, p.next_attempt_at
  from _sync_pending p
  where p.table_name = p_table
    and p.record_id = any (v_ids)
    and not p.synced
    and p.retry_count >= p_attempts
  order by p.record_id, p.id desc
  on conflict (direction, table_name, record_id) do update
  set pending_id = excluded.pending_id,
      data = excluded.data,
      code = excluded.code,
      reason = excluded.reason,
      attempts = excluded.attempts,
      last_at = now(),
      next_attempt_at = excluded.next_attempt_at;
  return case when found then 'quarantined' else 'later' end;
end
$$;

-- Puts changes off without counting a try: the cloud gave no answer about them.
create or replace function sync_postpone(p_table text, p_ids text, p_seconds numeric)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_pending p
  set next_attempt_at = clock_timestamp() + interval '1 second' * p_seconds
  where p.table_name = p_table
    and p.record_id = any (string_to_array(p_ids, ',')::uuid[])
    and not p.synced
$$;

-- Makes every waiting change due at once.
create or replace function sync_retry_all()
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_pending p
  set next_attempt_at = null
  where not p.synced
    and p.next_attempt_at is not null
$$;
