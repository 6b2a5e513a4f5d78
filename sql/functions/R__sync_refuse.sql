-- What a refusal of the cloud does to the changes that it met: smaller chunks, later attempts, the quarantine.
-- Run by Flyway at init; called by the route 'up-refused'. Only an answer of the server comes here.
-- p_constraint, p_column: what broke, where the answer tells it.
create or replace function sync_refuse(
  p_table text,
  p_ids text,
  p_code text,
  p_attempts integer,
  p_delay_seconds numeric,
  p_constraint text default null,
  p_column text default null
)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_ids uuid[] := string_to_array(p_ids, ',')::uuid[];
  v_reason text := sync_reason(p_code, p_constraint, p_column) || ' (code ' || p_code || ')';
  -- A row that stood in the way may have gone through while this refusal was on its way here.
  v_is_cleared boolean := p_code in ('23503', '23505') and exists (
    select
    from _sync_pending p
    where p.synced
      and p.synced_at > clock_timestamp() - interval '10 seconds'
      and p.retry_count > 0
  );
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

  if p_code in ('23503', '23505') and sync_is_circle(p_table, v_ids[1], p_code) then
    v_reason := sync_reason(p_code || '-circle', null, null) || ' (code ' || p_code || ')';
  end if;

  -- Where waiting brought nothing, the row is sent the other way: change by change, or again as one net change.
  update _sync_pending p
  set retry_count = p.retry_count + 1,
      code = p_code,
      error = v_reason,
      singly = w.singly,
      next_attempt_at = case
        when not w.singly and not v_is_cleared then clock_timestamp() + interval '1 second' * least(
          3600,
          (0.8 + 0.4 * random()) * power(2, least(p.retry_count, 12))
            * case when p_code in ('23503', '23505') then least(1, p_delay_seconds) else p_delay_seconds end)
      end
  from (
    select
      c.record_id,
      p_code in ('23503', '23505')
        and count(*) > 1
        and max(c.retry_count) + 1 >= least(2, p_attempts)
        and not bool_and(c.singly) as singly
    from _sync_pending c
    where c.table_name = p_table
      and c.record_id = any (v_ids)
      and not c.synced
    group by c.record_id
  ) w
  where p.table_name = p_table
    and p.record_id = w.record_id
    and not p.synced;

  insert into _sync_log (direction, table_name, records_affected, status, error_message)
  values ('UP', p_table, 0, 'ERROR', v_reason);

  insert into _sync_quarantine as q (
    direction, table_name, record_id, pending_id, data, code, reason, attempts, next_attempt_at)
  select 'UP', p_table, l.record_id, l.id, l.data, p_code, v_reason, l.attempts, l.next_attempt_at
  from (
    select distinct on (p.record_id)
      p.record_id,
      p.id,
      p.data,
      p.singly,
      p.next_attempt_at,
      max(p.retry_count) over (partition by p.record_id) as attempts
    from _sync_pending p
    where p.table_name = p_table
      and p.record_id = any (v_ids)
      and not p.synced
    order by p.record_id, p.id desc
  ) l
  where l.attempts >= p_attempts
    and not l.singly
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
