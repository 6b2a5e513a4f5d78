-- Takes a chunk of a first load in by COPY, where the clinic has none of its rows: what sync_apply_chunk would do, faster.
-- Run by Flyway at init; called by ChunkCopy, before and after the COPY, in one transaction.
--
-- Tells how rows with these columns, of ids from the first to the last, are copied into a temporary table, and how they are
-- written from there, and a letter for each of p_columns: v for a value as PostgreSQL reads it, j for JSON as it stands, a
-- for an array, - for what is left out. Without a statement the rows are for sync_apply_chunk. It has no settings of its own:
-- those that it makes hold for what follows.
drop function if exists sync_begin_copy(text, timestamptz, uuid[], text[]);
create or replace function sync_begin_copy(
  p_table text,
  p_asked_at timestamptz,
  p_first uuid,
  p_last uuid,
  p_columns text[],
  out copy text,
  out kinds text,
  out write text
)
language plpgsql
as $$
declare
  v_columns integer;
  v_places text;
  v_names text;
  v_values text;
begin
  perform set_config('search_path', 'public, pg_temp', true);
  perform set_config('datestyle', 'ISO, YMD', true);
  perform set_config('synchronous_commit', 'off', true);
  perform sync_require_tenure(p_asked_at);
  perform sync_begin_write();
  if sync_has_between(p_table, p_first, p_last) or not sync_is_copyable(p_table, p_asked_at, p_first, p_last) then
    return;
  end if;

  select
    count(*) filter (where k.kind <> '-'),
    string_agg(coalesce(k.kind, '-'), '' order by c.place),
    string_agg('c' || c.place, ', ' order by c.place) filter (where k.kind <> '-'),
    string_agg(quote_ident(c.name), ', ' order by c.place) filter (where k.kind <> '-'),
    string_agg(format('r.c%s::%s', c.place, k.type), ', ' order by c.place) filter (where k.kind <> '-')
  into v_columns, kinds, v_places, v_names, v_values
  from unnest(p_columns) with ordinality as c (name, place)
  left join sync_copied_columns(p_table) k on k.name = c.name;
  if v_columns > 0 and kinds not like '%?%' then
    perform sync_make_room_to_copy(cardinality(p_columns));
    copy := format('copy pg_temp._sync_copied (%s) from stdin', v_places);
    write := format(
      'insert into public.%I (%s) overriding system value select %s from pg_temp._sync_copied r', p_table, v_names, v_values);
  end if;
end
$$;

-- Makes the temporary table that the rows of any table are copied into, where the connection has none as wide as that. All
-- of it is text: what a row of the cloud's holds stands in no server log, wherever it is refused.
create or replace function sync_make_room_to_copy(p_columns integer)
returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_room integer := (
    select count(*)
    from pg_attribute a
    where a.attrelid = to_regclass('pg_temp._sync_copied')
      and a.attnum > 0
  );
begin
  if v_room < p_columns then
    drop table if exists pg_temp._sync_copied;
    execute (
      select format('create temporary table _sync_copied (%s) on commit delete rows', string_agg(format('c%s text', i), ', '))
      from generate_series(1, p_columns) i
    );
  end if;
end
$$;

-- The columns that a copied row may bring: the type to read each as, which is that below a domain and has no length, so that
-- what is too long is refused and not cut, and its letter, ? where its text cannot be told from the JSON.
create or replace function sync_copied_columns(p_table text)
returns table (name text, type text, kind text)
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  return query
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
    and a.attname::text <> all (array(select unnest(sync_unlearnt_columns(p_table))));
end
$$;

-- Whether nothing is noted of rows between these that the clinic does not have: no change of its own that waits or was sent
-- since they were asked for, no row that it refused or that is to be visited.
drop function if exists sync_is_copyable(text, timestamptz, uuid[]);
create or replace function sync_is_copyable(p_table text, p_asked_at timestamptz, p_first uuid, p_last uuid)
returns boolean
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  return not exists (
      select
      from _sync_pending p
      where p.table_name = p_table
        and p.record_id between p_first and p_last
        and not p.synced
    )
    and not exists (
      select
      from _sync_pending u
      where u.synced
        and u.synced_at >= p_asked_at
        and u.table_name = p_table
        and u.record_id between p_first and p_last
    )
    and not exists (
      select
      from _sync_quarantine q
      where q.direction = 'DOWN'
        and q.table_name = p_table
        and q.record_id between p_first and p_last
    )
    and not exists (
      select
      from _sync_revisit r
      where r.table_name = p_table
        and r.record_id between p_first and p_last
    )
    and not exists (select from _sync_metadata m where m.table_name = p_table and m.refill_columns is not null);
end
$$;

-- Writes the rows that were copied, all or none, and notes it; the outcome is that of sync_apply_chunk. Where the clinic
-- refuses one of them it has none, and the rows are for sync_apply_chunk.
drop function if exists sync_end_copy(text, timestamptz, timestamptz, uuid[], timestamptz[], uuid, uuid[]);
create or replace function sync_end_copy(
  p_table text,
  p_write text,
  p_asked_at timestamptz,
  p_rows integer,
  p_last uuid,
  p_last_stamp timestamptz,
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
    execute p_write;
    get diagnostics v_rows = row_count;
    if v_rows <> p_rows then
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
  last_stamp := sync_stamp(p_last_stamp);
  last_id := p_last::text;
  perform sync_advance_load(p_table, p_part, p_last, v_rows, p_bounds);
  perform sync_note_applied(p_table, now(), v_rows, 0);
  clock := clock_timestamp()::text;
end
$$;
