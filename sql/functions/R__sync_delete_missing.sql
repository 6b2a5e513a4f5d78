-- Deletes rows of the clinic that the cloud was asked for by id once more and does not have. Returns how many.
-- p_range: the Content-Range of the answer with its exact count; an answer that was cut short says nothing about the
-- rows behind its last one. p_asked_at: the clinic database's time before the question. What came to be needed meanwhile stays.
-- Run by Flyway at init; called by the step 'delete-missing' of the route 'reconcile-missing'.
create or replace function sync_delete_missing(
  p_table text,
  p_ids text,
  p_present json,
  p_range text,
  p_asked_at timestamptz
)
returns integer
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_present uuid[] := array(select (r ->> 'id')::uuid from json_array_elements(p_present) r);
  v_is_whole boolean := split_part(p_range, '/', 2)::bigint <= cardinality(v_present);
  v_locked uuid[];
  v_deleted uuid[];
begin
  perform sync_require_tenure(p_asked_at);
  perform sync_begin_write();
  v_locked := sync_lock_rows(p_table, array(
    select i.id
    from unnest(string_to_array(p_ids, ',')::uuid[]) as i (id)
    where i.id <> all (v_present)
      and (v_is_whole or i.id <= v_present[cardinality(v_present)])
  ));
  v_locked := array(
    select unnest(v_locked)
    except
    select unnest(sync_still_needed(p_table, v_locked, null, null))
  );
  execute format(
    $sql$
      with deleted as (
        delete from public.%I t
        using _sync_suspect s
        where t.id = any ($1)
          and s.table_name = $2
          and s.record_id = t.id
          and s.kind in ('missing', 'gone')
          and s.stamp is not distinct from t.updated_at
          and not exists (
            select
            from _sync_pending p
            where p.table_name = $2
              and p.record_id = t.id
              and (not p.synced or p.synced_at >= $3)
          )
        returning t.id
      )
      select coalesce(array_agg(id), '{}') from deleted
    $sql$, p_table)
  into v_deleted
  using v_locked, p_table, p_asked_at;

  delete from _sync_suspect s
  where s.table_name = p_table
    and s.record_id = any (v_deleted || v_present);
  insert into _sync_revisit (table_name, record_id)
  select p_table, unnest(v_present)
  on conflict (table_name, record_id) do update
  set noted_at = now();
  if cardinality(v_deleted) > 0 then
    update _sync_metadata
    set records_synced_down = coalesce(records_synced_down, 0) + cardinality(v_deleted),
        updated_at = now()
    where table_name = p_table;
    insert into _sync_log (direction, table_name, records_affected, status)
    values ('DOWN', p_table, cardinality(v_deleted), 'SUCCESS');
  end if;
  return cardinality(v_deleted);
end
$$;
