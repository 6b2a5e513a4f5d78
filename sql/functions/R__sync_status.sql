-- The control tables as one picture: per table what is synced, waiting, held and wrong.
-- Run by Flyway at init; read by `status`.
create or replace view _sync_status as
select
  m.table_name,
  m.active,
  m.last_sync_from_supabase as last_sync,
  m.loaded_at is not null as loaded,
  m.load_rows,
  coalesce(m.records_synced_down, 0) as rows_down,
  coalesce(m.records_synced_up, 0) as rows_up,
  coalesce(p.pending, 0) as pending,
  coalesce(p.held, 0) as held,
  coalesce(q.quarantine, 0) as quarantine,
  coalesce(c.conflicts, 0) as conflicts,
  case m.guard
    when 'deletes' then
      format('%s rows are gone in the cloud: confirm with once --accept-deletes %s', m.guard_rows, m.table_name)
    when 'older-cloud' then
      format(
        '%s rows are older in the cloud, as after a restored backup: confirm with once --accept-deletes %s',
        m.guard_rows, m.table_name)
    else m.last_error
  end as last_error
from _sync_metadata m
left join (
  select table_name, count(*) as pending, count(*) filter (where conflict_id is not null) as held
  from _sync_pending
  where synced = false
  group by table_name
) p using (table_name)
left join (
  select table_name, count(*) as quarantine
  from _sync_quarantine
  where given_up_at is null
  group by table_name
) q using (table_name)
left join (
  select table_name, count(*) as conflicts
  from _conflicts
  group by table_name
) c using (table_name);

-- How many changes wait that are due now or have still tries left; not those that wait for a row that is refused.
create or replace function sync_sendable(p_attempts integer)
returns bigint
language sql
stable
set search_path = public, pg_temp
as $$
  select count(*)
  from _sync_unsent u
  where (u.waits_id is null or not sync_is_refused_insert(u.waits_table, u.waits_id))
    and (u.retry_count < p_attempts or not u.is_put_off)
$$;

-- How many rows wait for a person to decide their conflict.
create or replace function sync_held_rows()
returns bigint
language sql
stable
set search_path = public, pg_temp
as $$
  select count(*)
  from (select distinct p.table_name, p.record_id from _sync_pending p where p.conflict_id is not null and not p.synced) h
$$;

create or replace function sync_count(p_table text)
returns bigint
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_count bigint;
begin
  execute format('select count(*) from public.%I', p_table) into v_count;
  return v_count;
end
$$;

-- By how many rows the cloud differs from the clinic while changes of the clinic wait.
create or replace function sync_unsent_rows(p_table text, out added bigint, out deleted bigint)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    count(*) filter (where n.is_new and not n.is_deleted),
    count(*) filter (where n.is_deleted and not n.is_new)
  from (
    select
      (array_agg(p.base is null order by p.id))[1] as is_new,
      (array_agg(p.operation order by p.id desc))[1] = 'DELETE' as is_deleted
    from _sync_pending p
    where p.table_name = p_table
      and not p.synced
    group by p.record_id
  ) n
$$;
