-- What a person sees of refused rows and does about them, beside a running service or without one.
-- Run by Flyway at init; called by QuarantinedRows. Row contents leave through sync_quarantined_row alone.
--
-- The oldest first; those given up last, and only where p_all.
create or replace function sync_refused_rows(p_all boolean, p_rows integer)
returns setof _sync_quarantine
language sql
stable
set search_path = public, pg_temp
as $$
  select q.*
  from _sync_quarantine q
  where p_all
    or q.given_up_at is null
  order by q.given_up_at nulls first, q.first_at, q.id
  limit p_rows
$$;

-- A refused row, column by column in the order of its table.
create or replace function sync_quarantined_row(p_id bigint)
returns table (table_name text, record_id uuid, name text, value text)
language sql
stable
set search_path = public, pg_temp
as $$
  select q.table_name, q.record_id, c.key, c.value::text
  from _sync_quarantine q
  left join lateral jsonb_each(case when jsonb_typeof(q.data) = 'object' then q.data end) c on true
  left join pg_attribute a
    on a.attrelid = to_regclass(format('public.%I', q.table_name))
    and a.attname = c.key
  where q.id = p_id
  order by a.attnum nulls last, c.key
$$;

-- Has a refused row tried again: up at once, down with the next pass of its table. Returns the table, null where there is
-- no such row.
create or replace function sync_try_again(p_id bigint)
returns text
language sql
set search_path = public, pg_temp
as $$
  with refused as (
    update _sync_quarantine q
    set next_attempt_at = null,
        given_up_at = null,
        given_up_by = null
    where q.id = p_id
    returning q.direction, q.table_name, q.record_id
  ),
  due as (
    update _sync_pending p
    set next_attempt_at = null
    from refused r
    where r.direction = 'UP'
      and p.table_name = r.table_name
      and p.record_id = r.record_id
      and not p.synced
  )
  select r.table_name from refused r
$$;

-- Gives a refused row up. Of a change of the clinic, the cloud's version (p_cloud) stands on both sides and the clinic's is
-- kept in _conflicts, from where `conflicts resolve` brings it back; of a row of the cloud, nobody asks for it any more.
--
-- verdict: 'given-up'; 'missing'; 'already'; 'only-clinic' (the cloud has no such row: to give it up would be to lose it);
-- 'held' (a conflict of the row waits for a person); 'moved' (the clinic has changed the row since it was refused). Only 'given-up' changes anything. conflict: where it is kept.
create or replace function sync_give_up(
  p_id bigint,
  p_cloud jsonb,
  p_by text,
  out verdict text,
  out conflict bigint
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_refused _sync_quarantine;
  v_last record;
  v_present boolean;
begin
  perform set_config('lock_timeout', '3s', true);
  select q.* into v_refused from _sync_quarantine q where q.id = p_id for update;
  if v_refused.id is null then
    verdict := 'missing';
    return;
  elsif v_refused.given_up_at is not null then
    verdict := 'already';
    return;
  elsif v_refused.direction = 'DOWN' then
    update _sync_quarantine q
    set given_up_at = clock_timestamp(),
        given_up_by = p_by,
        next_attempt_at = null
    where q.id = p_id;
    verdict := 'given-up';
    return;
  end if;

  perform sync_begin_write();
  execute format('select true from public.%I t where t.id = $1 for update', v_refused.table_name)
  into v_present
  using v_refused.record_id;

  -- Read after the lock was had: no later change of the row is missed.
  select
    (array_agg(p.base order by p.id))[1] as base,
    (array_agg(p.operation order by p.id desc))[1] as operation,
    (array_agg(p.data order by p.id desc))[1] as data,
    (array_agg(coalesce(p.changed_at, p.created_at) order by p.id desc))[1] as changed_at,
    bool_or(p.conflict_id is not null) as is_held,
    max(p.id) as last_id,
    count(*) as changes
  into v_last
  from _sync_pending p
  where p.table_name = v_refused.table_name
    and p.record_id = v_refused.record_id
    and not p.synced;

  if v_last.changes = 0 then
    verdict := 'missing';
  elsif v_last.is_held then
    verdict := 'held';
  elsif v_last.last_id <> v_refused.pending_id then
    verdict := 'moved';
  elsif p_cloud is null then
    verdict := 'only-clinic';
  else
    insert into _conflicts (
      table_name, record_id, kind, strategy, winner, base, local_data, remote_data, result, local_stamp, remote_stamp,
      resolved_at, resolved_by, resolution)
    values (
      v_refused.table_name, v_refused.record_id, 'given_up', 'give-up', 'remote', v_last.base,
      case when v_last.operation <> 'DELETE' then v_last.data end, p_cloud, p_cloud, v_last.changed_at,
      (p_cloud ->> 'updated_at')::timestamptz, clock_timestamp(), p_by, 'remote')
    returning id into conflict;
    update _sync_pending p
    set synced = true,
        synced_at = clock_timestamp(),
        next_attempt_at = null
    where p.table_name = v_refused.table_name
      and p.record_id = v_refused.record_id
      and not p.synced;
    delete from _sync_quarantine q where q.id = p_id;
    perform sync_take_cloud_row(v_refused.table_name, v_refused.record_id, p_cloud, coalesce(v_present, false));
    verdict := 'given-up';
  end if;
end
$$;
