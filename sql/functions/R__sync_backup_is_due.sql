-- Whether the backup of the last night is still to be made: none since, and no failure within the last hour.
-- Run by Flyway at init; called every minute by the route 'backup'. An entry under a clock that was ahead counts for nothing.
create or replace function sync_backup_is_due(p_night timestamptz)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select not exists (
    select
    from _sync_log l
    where l.direction = 'BACKUP'
      and l.created_at <= now()
      and (
        lower(l.status) <> 'error' and l.created_at >= p_night
        or lower(l.status) = 'error' and l.created_at > now() - interval '1 hour'
      )
  )
$$;
