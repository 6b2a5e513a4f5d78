-- Takes a chunk of a first load in by COPY, where the clinic has none of its rows: what sync_apply_chunk would do, faster.
-- Run by Flyway at init; called by ChunkCopy, before and after the COPY, in one transaction.
--
-- How rows with these columns are copied into their table, and a letter for each of p_columns: v for a value as PostgreSQL reads
-- it, j for JSON as it stands, a for an array, - for what is left out. Without a statement the rows are for sync_apply_chunk.
-- It holds as long as the table's columns are these.
create or replace function sync_copy_plan(p_table text, p_columns text[], out copy text, out kinds text, out known_columns text)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_unlearnt text[] := sync_unlearnt_columns(p_table);
begin
  known_columns := sync_known_columns(p_table);
  select
    string_agg(coalesce(k.kind, '-'), '' order by c.place),
    format(
      'copy public.%I (%s) from stdin',
      p_table,
      string_agg(quote_ident(c.name), ', ' order by c.place) filter (where k.kind <> '-'))
  into kinds, copy
  from unnest(p_columns) with ordinality as c (name, place)
  left join (
    select
      a.attname::text as name,
      case
        when b.oid in ('json'::regtype, 'jsonb'::regtype) then 'j'
        when e.typtype in ('b', 'e') and e.typdelim = ',' and e.oid not in ('json'::regtype, 'jsonb'::regtype) then 'a'
        when e.oid is null and b.typtype in ('b', 'e', 'r', 'm') and not (b.typlen = -1 and b.typelem <> 0) then 'v'
        else '?'
      end as kind
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
    left join pg_type e on e.oid = b.typelem and e.typarray = b.oid
    where a.attrelid = format('public.%I', p_table)::regclass
      and a.attnum > 0
      and not a.attisdropped
      and a.attgenerated = ''
      and a.attname::text <> all (v_unlearnt)
  ) k on k.name = c.name;
  if kinds like '%?%' or kinds not similar to '%[vja]%' then
    copy := null;
  end if;
end
$$;

-- The table's columns with their types, and those that both sides are known to have.
create or replace function sync_known_columns(p_table text)
returns text
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
  return (
    select string_agg(a.attname || ' ' || a.atttypid, ' ' order by a.attnum)
    from pg_attribute a
    where a.attrelid = format('public.%I', p_table)::regclass
      and a.attnum > 0
      and not a.attisdropped
  ) || (select concat(' / ', m.shared_columns) from _sync_metadata m where m.table_name = p_table);
end
$$;

-- Whether rows of ids from the first to the last are copied; if not, they are for sync_apply_chunk. It has no settings of its
-- own: those that it makes hold for what follows.
drop function if exists sync_begin_copy(text, timestamptz, uuid[], text[]);
drop function if exists sync_begin_copy(text, timestamptz, uuid, uuid, text[]);
drop function if exists sync_make_room_to_copy(integer);
drop function if exists sync_copied_columns(text);
create or replace function sync_begin_copy(
  p_table text,
  p_asked_at timestamptz,
  p_first uuid,
  p_last uuid,
  p_known_columns text
)
returns boolean
language plpgsql
as $$
begin
  perform set_config('search_path', 'public, pg_temp', true);
  perform set_config('datestyle', 'ISO, YMD', true);
  perform set_config('synchronous_commit', 'off', true);
  perform sync_require_tenure(p_asked_at);
  perform sync_begin_write();
  return sync_keeps_rows_out_of_the_log()
    and sync_known_columns(p_table) = p_known_columns
    and not sync_has_between(p_table, p_first, p_last)
    and sync_is_copyable(p_table, p_asked_at, p_first, p_last);
end
$$;

-- What a refused row holds would stand in the server's log, which is no place for a patient's data: until the transaction
-- ends, no error is written there. Returns whether the user may do so.
create or replace function sync_keeps_rows_out_of_the_log()
returns boolean
language plpgsql
as $$
begin
  perform set_config('log_min_messages', 'log', true);
  return true;
exception
  when insufficient_privilege then
    return false;
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

-- Notes the rows that were copied; the outcome is that of sync_apply_chunk, without the stamp that a load has no use for.
drop function if exists sync_end_copy(text, timestamptz, timestamptz, uuid[], timestamptz[], uuid, uuid[]);
drop function if exists sync_end_copy(text, text, timestamptz, integer, uuid, timestamptz, uuid, uuid[]);
drop function if exists sync_end_copy(text, integer, uuid, timestamptz, uuid, uuid[]);
create or replace function sync_end_copy(
  p_table text,
  p_rows integer,
  p_last uuid,
  p_part uuid,
  p_bounds uuid[],
  out applied integer,
  out unchanged integer,
  out left_out integer,
  out quarantined integer,
  out last_id text,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
begin
  applied := p_rows;
  unchanged := 0;
  left_out := 0;
  quarantined := 0;
  last_id := p_last::text;
  perform sync_advance_load(p_table, p_part, p_last, p_rows, p_bounds);
  perform sync_note_applied(p_table, now(), p_rows, 0);
  clock := clock_timestamp()::text;
end
$$;
