-- While a table is read again for a new column: what the clinic wrote into a column before the cloud had it goes up as
-- a change of the clinic. Where the cloud has another value in a row that it changed since, both are kept and the
-- cloud's stands. Of the rows that were read again already, every value is the cloud's.
-- Run by Flyway at init; called by sync_apply_chunk.
--
-- While a table is read again because a person asked for it, what the clinic holds and is neither the cloud's row nor, by its
-- stamp, an older version of it is kept before it is replaced.
create or replace function sync_keep_own_values(p_table text, p_rows json, p_locked uuid[])
returns void
language plpgsql
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_columns text[];
begin
  if exists (select from _sync_metadata m where m.table_name = p_table and m.reloading and m.loaded_at is null) then
    perform sync_keep_drift(p_table, p_rows, p_locked);
  end if;
  select m.refill_columns
  into v_columns
  from _sync_metadata m
  where m.table_name = p_table
    and m.direction = 'both';
  if coalesce(cardinality(v_columns), 0) = 0 then
    return;
  end if;
  execute format(
    $sql$
      with
      own as (
        select
          t.id,
          to_jsonb(t) as ours,
          c.theirs,
          v.kept,
          v.lost,
          t.updated_at,
          (c.theirs ->> 'updated_at')::timestamptz as their_stamp
        from json_array_elements($1) e
        join public.%I t on t.id = (e ->> 'id')::uuid
        cross join lateral (select sync_clinic_row($2, e::jsonb, to_jsonb(t)) as theirs) c
        cross join lateral (
          select
            jsonb_object_agg(o.key, o.value) filter (where w.ours_stands) as kept,
            bool_or(not w.ours_stands) as lost
          from jsonb_each(to_jsonb(t)) o
          cross join lateral (
            select c.theirs ->> o.key is null or to_jsonb(t) -> 'updated_at' = c.theirs -> 'updated_at' as ours_stands
          ) w
          where o.key = any ($3)
            and o.value <> 'null'
            and o.value is distinct from c.theirs -> o.key
        ) v
        where t.id = any ($4)
          and not exists (
            select
            from _sync_load l
            where l.table_name = $2
              and t.id >= l.from_id
              and t.id <= l.after_id
          )
          and (v.kept is not null or v.lost)
          and not exists (
            select from _sync_pending p where p.table_name = $2 and p.record_id = t.id and not p.synced
          )
      ),
      lost as (
        insert into _conflicts (
          table_name, record_id, kind, strategy, winner, local_data, remote_data, result,
          local_stamp, remote_stamp, resolved_at, resolved_by, resolution)
        select $2, o.id, 'update_update', 'last-write-wins', 'remote', o.ours, o.theirs,
          o.theirs || coalesce(o.kept, '{}'), o.updated_at, o.their_stamp, now(), 'sync', 'remote'
        from own o
        where o.lost
      )
      insert into _sync_pending (table_name, record_id, operation, data, base, changed_at)
      select $2, o.id, 'UPDATE', o.theirs || o.kept, o.theirs, clock_timestamp()
      from own o
      where o.kept is not null
    $sql$, p_table)
  using p_rows, p_table, v_columns, p_locked;
end
$$;

create or replace function sync_keep_drift(p_table text, p_rows json, p_locked uuid[])
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_differing uuid[] := sync_differing(p_table, p_rows, p_locked);
begin
  execute format(
    $sql$
      insert into _conflicts (
        table_name, record_id, kind, strategy, winner, local_data, remote_data, result, local_stamp, remote_stamp,
        resolved_at, resolved_by, resolution)
      select
        $1, t.id, 'drift', 'reload', 'remote', to_jsonb(t), e::jsonb, e::jsonb, t.updated_at,
        (e ->> 'updated_at')::timestamptz, now(), 'sync', 'remote'
      from json_array_elements($2) e
      join public.%I t on t.id = (e ->> 'id')::uuid
      where t.id = any ($3)
        and (t.updated_at < (e ->> 'updated_at')::timestamptz) is not true
        and not exists (
          select from _sync_pending p where p.table_name = $1 and p.record_id = t.id and not p.synced
        )
    $sql$, p_table)
  using p_table, p_rows, v_differing;
end
$$;
