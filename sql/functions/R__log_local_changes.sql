-- Captures every change of a synced table with the row before it, so that the cloud's row can be compared with it.
-- Run by Flyway at init; called by the triggers sync_changes_<table>.
create or replace function log_local_changes()
returns trigger
language plpgsql
security definer
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_before jsonb;
  v_after jsonb;
  v_changed_at timestamptz := clock_timestamp();
begin
  if current_setting('app.is_sync', true) = 'true' then
    return null;
  end if;

  if tg_op <> 'INSERT' then
    v_before := to_jsonb(old);
  end if;
  if tg_op <> 'DELETE' then
    v_after := to_jsonb(new);
    if v_after ->> 'updated_at' is distinct from v_before ->> 'updated_at' then
      v_changed_at := coalesce(least((v_after ->> 'updated_at')::timestamptz, v_changed_at), v_changed_at);
    end if;
  end if;

  if tg_op = 'UPDATE' and v_before ->> 'id' <> v_after ->> 'id' then
    insert into _sync_pending (table_name, record_id, operation, data, base, changed_at)
    values
      (tg_table_name, (v_before ->> 'id')::uuid, 'DELETE', v_before, v_before, v_changed_at),
      (tg_table_name, (v_after ->> 'id')::uuid, 'INSERT', v_after, null, v_changed_at);
  else
    insert into _sync_pending (table_name, record_id, operation, data, base, changed_at)
    values (
      tg_table_name,
      (coalesce(v_after, v_before) ->> 'id')::uuid,
      tg_op,
      coalesce(v_after, v_before),
      v_before,
      v_changed_at
    );
  end if;
  return null;
end
$$;

create or replace function sync_refuse_truncate()
returns trigger
language plpgsql
as $$
begin
  raise exception 'TRUNCATE of % is refused: it would not reach the cloud, and its rows would come back', tg_table_name
    using hint = 'Use DELETE, which is captured and sent to the cloud.';
end
$$;
