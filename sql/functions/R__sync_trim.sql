-- Deletes what the control tables need no longer, a bounded batch at a time; returns how many rows it deleted.
-- Run by Flyway at init; called by the route 'trim' until there is nothing left. Never what waits, is open or is refused.
create or replace function sync_trim(p_synced_days integer, p_log_days integer, p_conflicts_days integer, p_rows integer)
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_batch integer;
  v_deleted integer := 0;
begin
  perform set_config('lock_timeout', '3s', true);

  delete from _sync_pending
  where id in (
    select p.id
    from _sync_pending p
    where p.synced
      and (
        p.synced_at < now() - make_interval(days => p_synced_days)
        or p.synced_at is null and p.created_at < now() - make_interval(days => p_synced_days)
      )
    limit p_rows
    for update skip locked
  );
  get diagnostics v_batch = row_count;
  v_deleted := v_deleted + v_batch;

  delete from _sync_log
  where id in (
    select l.id
    from _sync_log l
    where l.created_at < now() - make_interval(days => p_log_days)
      and l.id is distinct from (
        select max(b.id) from _sync_log b where b.direction = 'BACKUP' and lower(b.status) in ('success', 'partial'))
    limit p_rows
    for update skip locked
  );
  get diagnostics v_batch = row_count;
  v_deleted := v_deleted + v_batch;

  delete from _sync_request
  where id in (
    select r.id
    from _sync_request r
    where r.done_at < now() - make_interval(days => p_log_days)
    limit p_rows
    for update skip locked
  );
  get diagnostics v_batch = row_count;
  v_deleted := v_deleted + v_batch;

  delete from _sync_alert
  where id in (
    select a.id
    from _sync_alert a
    where a.solved_at < now() - make_interval(days => p_log_days)
    limit p_rows
    for update skip locked
  );
  get diagnostics v_batch = row_count;
  v_deleted := v_deleted + v_batch;

  delete from _sync_line
  where at in (
    select l.at
    from _sync_line l
    where l.seen_at < now() - make_interval(days => p_log_days)
    limit p_rows
    for update skip locked
  );
  get diagnostics v_batch = row_count;
  v_deleted := v_deleted + v_batch;

  delete from _sync_audit
  where id in (
    select a.id
    from _sync_audit a
    where a.at < now() - make_interval(days => p_conflicts_days)
    limit p_rows
    for update skip locked
  );
  get diagnostics v_batch = row_count;
  v_deleted := v_deleted + v_batch;

  delete from _conflicts
  where id in (
    select c.id
    from _conflicts c
    where c.resolved_at < now() - make_interval(days => p_conflicts_days)
      and not exists (select from _sync_pending p where p.conflict_id = c.id and not p.synced)
    limit p_rows
    for update skip locked
  );
  get diagnostics v_batch = row_count;
  return v_deleted + v_batch;
end
$$;
