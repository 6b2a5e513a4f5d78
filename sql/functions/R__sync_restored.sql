-- What a database that was put back from a backup may do: nothing goes up before the cloud was read again.
-- Run by Flyway at init; called at every start of the service, and by `restore --reconcile`.

-- Whether this database has been put back since the last start; then all is made ready for it.
create or replace function sync_notice_restore()
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_place text := '_sync_origin'::regclass::oid::text;
begin
  begin
    v_place := (select c.system_identifier from pg_control_system() c) || '/' || v_place;
  exception
    when insufficient_privilege then null; -- then the table's number alone has to tell
  end;
  insert into _sync_origin (place) values (v_place) on conflict (id) do nothing;
  if exists (select from _sync_origin o where o.place = v_place) then
    return false;
  end if;
  update _sync_origin set place = v_place;
  perform sync_restored();
  return true;
end
$$;

-- Every table is read from the cloud again, by content, behind which its keys are compared. The changes that waited when the
-- backup was made may have been sent since, and what they led to changed again: from here on equal contents do not show that
-- the cloud has not moved, only equal stamps do (sync_classify).
create or replace function sync_restored()
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  update _sync_origin set restored_at = now();
  update _sync_pending p
  set restored = true
  where not p.synced
    and not p.preexisting;
  update _sync_metadata m
  set restored = m.direction <> 'up',
      loaded_at = null,
      load_rows = 0,
      refill_columns = coalesce(m.refill_columns, '{}'),
      reloading = true,
      fed_since = null,
      fed_alone = false,
      version_mark = null,
      version_mark_before = null,
      compare_due_at = now()
  where m.load_started_at is not null;
  delete from _sync_load;
  delete from _sync_feed;
  delete from _sync_suspect;
  delete from _sync_standby;
  delete from _sync_request where done_at is null;
  -- What was to be told then is told anew if it is so now.
  delete from _sync_alert_delivery where sent_at is null;
end
$$;

create or replace function sync_any_restored()
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select exists (select from _sync_origin o where o.restored_at is not null)
    and exists (select from _sync_pending p where p.restored and not p.synced)
$$;

-- Whether the first change of a row's waiting ones was taken from a backup.
create or replace function sync_was_restored(p_change jsonb)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select exists (
    select
    from _sync_pending p
    where p.id = (p_change -> 'pending' ->> 0)::integer
      and p.restored
  )
$$;

-- Whether two versions of a row have the same stamp; NULL is one, too.
create or replace function sync_same_stamp(p_row jsonb, p_other jsonb)
returns boolean
language sql
stable
as $$
  select (p_row ->> 'updated_at')::timestamptz is not distinct from (p_other ->> 'updated_at')::timestamptz
$$;
