-- Takes a chunk of a first load in by COPY, where the clinic has none of its rows: what sync_apply_chunk would do, faster.
-- Run by Flyway at init; called by ChunkCopy, before and after the COPY, in one transaction.
--
-- Makes the temporary table that rows with these columns are copied into, all of it text: what a row of the cloud's holds
-- stands in no server log, wherever it is refused. Tells the statement, and a letter for each of p_columns: v for a value as
-- PostgreSQL reads it, j for JSON as it stands, a for an array, - for what is left out. Without a statement the rows are for
-- sync_apply_chunk. It has no settings of its own: those that it makes hold for what follows.
create or replace function sync_begin_copy(
  p_table text,
  p_asked_at timestamptz,
  p_ids uuid[],
  p_columns text[],
  out statement text,
  out kinds text
)
language plpgsql
as $$
declare
  v_columns text;
begin
  perform set_config('search_path', 'public, pg_temp', true);
  perform set_config('datestyle', 'ISO, YMD', true);
  perform set_config('synchronous_commit', 'off', true);
  perform sync_require_tenure(p_asked_at);
  perform sync_begin_write();
  if sync_has_among(p_table, p_ids) or not sync_is_copyable(p_table, p_asked_at, p_ids) then
    return;
  end if;

  select
    string_agg(quote_ident(c.name) || ' text', ', ' order by c.place) filter (where k.kind <> '-'),
    string_agg(coalesce(k.kind, '-'), '' order by c.place)
  into v_columns, kinds
  from unnest(p_columns) with ordinality as c (name, place)
  left join sync_copied_columns(p_table) k on k.name = c.name;
  if kinds not like '%?%' then
    execute format('create temporary table _sync_copied (%s) on commit drop', v_columns);
    statement := 'copy pg_temp._sync_copied from stdin';
  end if;
end
$$;

-- The columns that a copied row may bring: the type to read each as, which is that below a domain and has no length, so that
-- what is too long is refused and not cut, and its letter, ? where its text cannot be told from the JSON.
create or replace function sync_copied_columns(p_table text)
returns table (name text, type text, kind text)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    a.attname::text,
    format_type(b.oid, -1),
    case
      when b.oid in ('json'::regtype, 'jsonb'::regtype) then 'j'
      when e.typtype in ('b', 'e') and e.typdelim = ',' and e.oid not in ('json'::regtype, 'jsonb'::regtype) then 'a'
      when e.oid is null and b.typtype in ('b', 'e', 'r', 'm') and not (b.typlen = -1 and b.typelem <> 0) then 'v'
      else '?'
    end
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
  left join pg_type e on e.oid = b.typelem and e.typarray = b.oid
  where a.attrelid = format('public.%I', p_table)::regclass
    and a.attnum > 0
    and not a.attisdropped
    and a.attgenerated = ''
    and a.attname::text <> all (array(select unnest(sync_unlearnt_columns(p_table))))
$$;

-- Whether nothing of the clinic's own waits for rows that it does not have, or was sent since they were asked for.
create or replace function sync_is_copyable(p_table text, p_asked_at timestamptz, p_ids uuid[])
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
begin
  return not exists (
      select
      from _sync_pending p
      where p.table_name = p_table
        and p.record_id = any (p_ids)
        and not p.synced
    )
    and not exists (
      select
      from _sync_pending u
      where u.synced
        and u.synced_at >= p_asked_at
        and u.table_name = p_table
        and u.record_id = any (p_ids)
    )
    and not exists (select from _sync_metadata m where m.table_name = p_table and m.refill_columns is not null);
end
$$;

-- Writes the rows that were copied, all or none, and notes it; the outcome is that of sync_apply_chunk. Where the clinic
-- refuses one of them it has none, and the rows are for sync_apply_chunk.
create or replace function sync_end_copy(
  p_table text,
  p_asked_at timestamptz,
  p_cloud_now timestamptz,
  p_ids uuid[],
  p_stamps timestamptz[],
  p_part uuid,
  p_bounds uuid[],
  out applied integer,
  out unchanged integer,
  out left_out integer,
  out quarantined integer,
  out last_stamp text,
  out last_id text,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_rows integer;
begin
  begin
    execute (
      select format(
        'insert into public.%I (%s) overriding system value select %s from pg_temp._sync_copied r',
        p_table,
        string_agg(quote_ident(k.name), ', '),
        string_agg(format('r.%I::%s', k.name, k.type), ', '))
      from pg_attribute a
      join sync_copied_columns(p_table) k on k.name = a.attname
      where a.attrelid = 'pg_temp._sync_copied'::regclass
        and a.attnum > 0
    );
    get diagnostics v_rows = row_count;
    if v_rows <> cardinality(p_ids) then
      raise exception 'a trigger kept a row out';
    end if;
  exception
    when others then
      if not sync_is_of_the_row(sqlstate) then
        raise;
      end if;
      return;
  end;
  applied := v_rows;
  unchanged := 0;
  left_out := 0;
  quarantined := 0;
  last_stamp := sync_stamp(p_stamps[applied]);
  last_id := p_ids[applied]::text;
  perform sync_note_chunk(p_table, 'load', now(), p_asked_at, p_cloud_now, p_ids, p_stamps, p_part, p_bounds, p_ids, '{}', 0);
  clock := clock_timestamp()::text;
end
$$;
