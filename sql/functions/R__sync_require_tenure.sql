-- Refuses what was begun before this service became the writer, or before it lost its place and had it again.
-- Run by Flyway at init; called first by what writes on the ground of something read before.
--
-- What was read may be older than what another writer has written since; and after a crash of the server the last
-- chunks, committed without waiting for the disk, may be gone, so that a pass must not go on behind them.
create or replace function sync_require_tenure(p_begun_at timestamptz)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if p_begun_at < nullif(current_setting('app.sync_writer_since', true), '')::timestamptz then
    raise exception 'begun before this service became the writer' using errcode = 'CV001';
  end if;
end
$$;
