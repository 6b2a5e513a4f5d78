-- What of the cloud is known no more decides about a row, where another project is meant, or the same that was emptied or put back.
-- Run by Flyway at init; called by `init --restored-cloud`; sync_install_table then marks the rows.
--
-- Every row of the clinic counts as held before sync. What the cloud lacks is inserted there; what differs is a conflict
-- without base. Changes that wait keep their content and lose their base.
create or replace function sync_forget_cloud()
returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  update _sync_metadata
  set active = false,
      cloud_columns = null,
      load_started_at = null,
      load_rows = 0,
      loaded_at = null,
      shared_columns = null,
      refill_columns = null,
      reloading = false,
      restored = false,
      cursor_stamp = null,
      cursor_id = null,
      fed_since = null,
      fed_alone = false,
      compare_due_at = null,
      compared_at = null,
      compared_cloud = null,
      compared_clinic = null,
      version_mark = null,
      version_mark_before = null,
      guard = null,
      guard_rows = null,
      last_error = null,
      errors_in_row = 0,
      failing_since = null;
  delete from _sync_feed;
  delete from _sync_load;
  delete from _sync_revisit;
  delete from _sync_suspect;

  -- The folder's files are held against the new cloud's: the same content is the same file, what it lacks goes up.
  update _sync_files
  set cloud_version = null,
      cloud_size = null,
      cloud_etag = null,
      cloud_at = null,
      cloud_noted = null,
      base_version = null,
      base_sha256 = null,
      part_etag = null,
      upload_id = null,
      upload_sha256 = null,
      attempts = 0,
      next_attempt_at = null,
      code = null;
  delete from _sync_buckets;
  delete from _sync_quarantine
  where direction = 'DOWN';

  update _conflicts
  set resolved_at = now(),
      resolved_by = 'init --accept-cloud',
      resolution = 'another cloud'
  where resolved_at is null;
  update _sync_pending
  set base = null,
      restored = false,
      conflict_id = null,
      retry_count = 0,
      next_attempt_at = null,
      chunk_limit = null,
      singly = false,
      waits_table = null,
      waits_id = null,
      code = null,
      error = null
  where not synced;
end
$$;

-- Makes another project the one that this clinic mirrors. Called by `init --accept-cloud`. Returns whether anything was put away.
create or replace function sync_accept_cloud(p_url text)
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if not exists (select from _sync_cloud where url <> p_url) then
    return false;
  end if;
  update _sync_cloud
  set url = p_url,
      since = now();
  perform sync_forget_cloud();
  return true;
end
$$;
