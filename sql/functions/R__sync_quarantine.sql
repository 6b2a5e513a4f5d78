-- What a person sees of refused rows and does about them, beside a running service or without one.
-- Run by Flyway at init; called by QuarantinedRows and GivingUp. Row contents leave through sync_quarantined_row alone.
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

-- A number of a refused row as it is now: another one where what a person has seen is no longer so.
create or replace function sync_refused_version(p_refused _sync_quarantine)
returns text
language sql
stable
as $$
  select md5(concat_ws('|', p_refused.pending_id, p_refused.code, p_refused.data))
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
        given_up_by = null,
        given_up_reason = null
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

-- Gives a refused row up, as a person decides, and writes down who did so from where and why (p_address null: from where the
-- session comes). Of a change of the clinic, the cloud's version (p_cloud) stands on both sides and the clinic's is kept in
-- _conflicts, from where it can be brought back; of a row of the cloud, nobody asks for it any more until it changes there.
--
-- p_version: what the person has seen, see sync_refused_version. verdict: 'given-up'; 'missing'; 'already'; 'moved' (it is not
-- what the person has seen, or the clinic has changed the row since it was refused); 'held' (a conflict of the row waits for a
-- person); 'only-clinic' (the cloud has no such row: to give it up would be to lose it). Only 'given-up' touches the row.
-- conflict: where it is kept.
create or replace function sync_give_up(
  p_id bigint,
  p_version text,
  p_cloud jsonb,
  p_by text,
  p_address text,
  p_why text,
  out verdict text,
  out conflict bigint
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_refused _sync_quarantine;
begin
  perform set_config('lock_timeout', '3s', true);
  select q.* into v_refused from _sync_quarantine q where q.id = p_id;
  if v_refused.direction = 'UP' then
    perform sync_begin_write();
    perform sync_lock_change(v_refused.table_name, v_refused.record_id);
  end if;

  -- Read after the locks were had: no later change of the row is missed.
  select q.* into v_refused from _sync_quarantine q where q.id = p_id for update;
  if v_refused.id is null then
    verdict := 'missing';
  elsif v_refused.given_up_at is not null then
    verdict := 'already';
  elsif p_version <> sync_refused_version(v_refused) then
    verdict := 'moved';
  elsif v_refused.direction = 'UP' then
    select g.verdict, g.conflict into verdict, conflict from sync_give_change_up(v_refused, p_cloud, p_by) g;
  else
    update _sync_quarantine q
    set given_up_at = clock_timestamp(),
        given_up_by = p_by,
        given_up_reason = p_why,
        next_attempt_at = null
    where q.id = p_id;
    verdict := 'given-up';
  end if;

  insert into _sync_audit (person, address, action, subject, table_name, record_id, reason, outcome)
  values (
    p_by,
    coalesce(p_address, host(inet_client_addr()), 'local'),
    'give-up',
    p_id::text,
    v_refused.table_name,
    v_refused.record_id,
    p_why,
    verdict);
end
$$;

-- Locks a row and its pending changes, in the order in which an answer of the cloud locks them.
create or replace function sync_lock_change(p_table text, p_id uuid)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  execute format('select from public.%I t where t.id = $1 for update', p_table) using p_id;
  perform p.id
  from _sync_pending p
  where p.table_name = p_table
    and p.record_id = p_id
    and not p.synced
  order by p.id
  for update;
end
$$;

create or replace function sync_give_change_up(
  p_refused _sync_quarantine,
  p_cloud jsonb,
  p_by text,
  out verdict text,
  out conflict bigint
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_table text := p_refused.table_name;
  v_id uuid := p_refused.record_id;
  v_change record;
  v_local jsonb;
  v_remote jsonb;
  v_present boolean;
begin
  select
    (array_agg(p.base order by p.id))[1] as base,
    (array_agg(p.operation order by p.id desc))[1] as operation,
    (array_agg(p.data order by p.id desc))[1] as data,
    (array_agg(coalesce(p.changed_at, p.created_at) order by p.id desc))[1] as changed_at,
    bool_or(p.conflict_id is not null) as is_held,
    max(p.id) as last_id
  into v_change
  from _sync_pending p
  where p.table_name = v_table
    and p.record_id = v_id
    and not p.synced;

  if v_change.last_id is null then
    verdict := 'missing';
  elsif v_change.is_held then
    verdict := 'held';
  elsif v_change.last_id is distinct from p_refused.pending_id then
    verdict := 'moved';
  elsif p_cloud is null then
    verdict := 'only-clinic';
  else
    v_local := case when v_change.operation <> 'DELETE' then v_change.data end;
    v_remote := sync_clinic_row(v_table, p_cloud, coalesce(v_local, v_change.base));
    insert into _conflicts (
      table_name, record_id, kind, strategy, winner, base, local_data, remote_data, result, local_stamp, remote_stamp,
      resolved_at, resolved_by, resolution)
    values (
      v_table, v_id, 'given_up', 'give-up', 'remote', v_change.base, v_local, v_remote, v_remote, v_change.changed_at,
      (p_cloud ->> 'updated_at')::timestamptz, clock_timestamp(), p_by, 'remote')
    returning id into conflict;
    update _sync_pending p
    set synced = true,
        synced_at = clock_timestamp(),
        error = null,
        next_attempt_at = null
    where p.table_name = v_table
      and p.record_id = v_id
      and not p.synced;
    delete from _sync_quarantine q where q.id = p_refused.id;
    execute format('select exists (select from public.%I t where t.id = $1)', v_table) into v_present using v_id;
    perform sync_take_cloud_row(v_table, v_id, v_remote, v_present);
    verdict := 'given-up';
  end if;
end
$$;
