-- Takes the optional cloud part of Centrovision Sync away again: its triggers, its functions and its list of changes.
-- Run it whole in the SQL editor; no row of yours is touched, and the service goes on over plain REST by itself.
begin;
set local client_min_messages = warning;
-- Where a program holds a table for longer, nothing is changed: run it again.
set local lock_timeout = '5s';

do $$
declare
  routine regprocedure;
begin
  for routine in
    select p.oid
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('sync_info', 'sync_pull', 'sync_push', 'sync_digest', 'sync_trim')
      and p.prosrc like '%centrovision\_sync.%'
  loop
    execute format('drop function %s', routine);
  end loop;
end
$$;
drop schema if exists centrovision_sync cascade;

notify pgrst, 'reload schema';
commit;
