-- Takes the optional cloud part of Centrovision Sync away again: its triggers, its functions and its list of changes.
-- Run it whole in the SQL editor; no row of yours is touched, and the service goes on over plain REST by itself.
begin;
set local client_min_messages = warning;
-- Where a program holds a table for longer, nothing is changed: run it again.
set local lock_timeout = '5s';

-- All tables at once, and for five seconds without waiting while one of them is held: a program that has written into a table
-- of yours goes on to the list of changes, and waiting for it while holding the list would end one of the two. After that they are waited for,
-- the list last, as programs take them.
do $$
declare
  tables text := (
    select string_agg(c.oid::regclass::text, ', ' order by n.nspname = 'centrovision_sync', c.oid)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'centrovision_sync' and c.relkind = 'r'
      or exists (
        select
        from pg_trigger t
        join pg_proc p on p.oid = t.tgfoid
        where t.tgrelid = c.oid
          and p.pronamespace = to_regnamespace('centrovision_sync')
      )
  );
begin
  if tables is null then
    return;
  end if;
  for attempt in 1 .. 100 loop
    begin
      execute 'lock table ' || tables || ' in access exclusive mode nowait';
      return;
    exception
      when lock_not_available then
        perform pg_sleep(0.05);
    end;
  end loop;
  execute 'lock table ' || tables || ' in access exclusive mode';
end
$$;

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
