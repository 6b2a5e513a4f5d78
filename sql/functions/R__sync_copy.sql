-- Takes a chunk of a first load in by COPY, where the clinic has none of its rows: what sync_apply_chunk would do, faster.
-- Run by Flyway at init; called by ChunkCopy, before and after the COPY, in one transaction.
--
-- Tells how to copy rows with these columns: the statement, and a letter for each of p_columns: v for a value as
-- PostgreSQL reads it, j for JSON as it stands, a for an array, - for what is left out. Without a statement the rows are for
-- sync_apply_chunk. It has no settings of its own: those that it makes hold for the COPY.
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
  v_unlearnt text[];
begin
  perform set_config('search_path', 'public, pg_temp', true);
  perform set_config('datestyle', 'ISO, YMD', true);
  perform set_config('synchronous_commit', 'off', true);
  perform sync_require_tenure(p_asked_at);
  perform sync_begin_write();
  if sync_has_among(p_table, p_ids) or not sync_is_copyable(p_table, p_asked_at, p_ids) then
    return;
  end if;

  v_unlearnt := sync_unlearnt_columns(p_table);
  select
    format('copy public.%I (%s) from stdin', p_table, string_agg(quote_ident(c.name), ', ' order by c.place) filter (where k.kind <> '-')),
    string_agg(k.kind, '' order by c.place)
  into statement, kinds
  from unnest(p_columns) with ordinality as c (name, place)
  left join pg_attribute a
    on a.attrelid = format('public.%I', p_table)::regclass
    and a.attname = c.name
    and a.attnum > 0
    and not a.attisdropped
    and a.attgenerated = ''
    and a.attname <> all (v_unlearnt)
  left join pg_type t on t.oid = a.atttypid
  left join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
  left join pg_type e on e.oid = b.typelem and e.typarray = b.oid
  cross join lateral (
    select case
      when a.attname is null then '-'
      when b.oid in ('json'::regtype, 'jsonb'::regtype) then 'j'
      when e.typtype in ('b', 'e') and e.typdelim = ',' and e.oid not in ('json'::regtype, 'jsonb'::regtype) then 'a'
      when e.oid is null and b.typtype in ('b', 'e', 'r', 'm') and not (b.typlen = -1 and b.typelem <> 0) then 'v'
      else '?'
    end as kind
  ) k;
  if kinds like '%?%' then
    statement := null;
  end if;
end
$$;

-- Whether nothing of the clinic's own waits for rows that it does not have, and COPY does with them what INSERT would do.
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
    and not exists (select from _sync_metadata m where m.table_name = p_table and m.refill_columns is not null)
    and exists (
      select
      from pg_class c
      where c.oid = format('public.%I', p_table)::regclass
        and c.relkind in ('r', 'p')
        and not c.relhasrules
        and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgenabled in ('A', 'R'))
    );
end
$$;

-- Notes that all rows of a chunk of a first load were copied; the outcome is that of sync_apply_chunk.
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
begin
  applied := cardinality(p_ids);
  unchanged := 0;
  left_out := 0;
  quarantined := 0;
  last_stamp := sync_stamp(p_stamps[applied]);
  last_id := p_ids[applied]::text;
  perform sync_note_chunk(p_table, 'load', now(), p_asked_at, p_cloud_now, p_ids, p_stamps, p_part, p_bounds, p_ids, '{}', 0);
  clock := clock_timestamp()::text;
end
$$;
