-- Takes the optional cloud part of Centrovision Sync away again: its triggers, its functions and its list of changes.
-- Run it whole in the SQL editor; no row of yours is touched, and the service goes on over plain REST by itself.
begin;
set local client_min_messages = warning;

drop schema if exists centrovision_sync cascade;
drop function if exists public.sync_info();
drop function if exists public.sync_pull(text, integer, integer, text[]);
drop function if exists public.sync_push(jsonb, boolean);
drop function if exists public.sync_digest(text, text[], text[], integer);
drop function if exists public.sync_trim(integer, integer);

notify pgrst, 'reload schema';
commit;
