-- Which rows that the cloud deleted the clinic needs yet, because of a row that refers to them, by itself or by way of others,
-- and that sync does not delete by itself: a change of it waits, the clinic could not write the cloud's version of it, or
-- its table waits for a person or is not brought down. Without them it would refer to nothing: the service writes without
-- foreign keys, but a backup is not restored without them.
-- Run by Flyway at init; called by sync_end_comparison, sync_gone_rows, sync_delete_missing and sync_take_cloud_row.
--
-- p_max_rows, p_max_percent: so many rows that refer to them are left to a person, though nothing has said so yet. null: no
-- such limit. Rows of p_ids that refer to each other go together.
create or replace function sync_still_needed(p_table text, p_ids uuid[], p_max_rows integer, p_max_percent integer)
returns uuid[]
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  -- Rows that refer to a row of p_ids (the root), level by level; the first level are those of p_ids.
  v_roots uuid[] := p_ids;
  v_tables text[] := array_fill(p_table, array[cardinality(p_ids)]);
  v_ids uuid[] := p_ids;
  v_level integer := 1;
  v_end integer;
  v_needed uuid[] := '{}';
  v_reference record;
  v_found record;
begin
  while v_level <= cardinality(v_ids) loop
    v_end := cardinality(v_ids);
    for v_reference in
      select
        r.table_name,
        r.column_name,
        r.parent_table,
        not m.active or m.direction = 'up' or m.guard is not null as stays
      from _sync_reference r
      join _sync_metadata m on m.table_name = r.table_name
      where r.parent_table = any (v_tables[v_level:v_end])
        and (m.active or has_table_privilege(format('public.%I', r.table_name), 'SELECT'))
    loop
      execute format(
        $sql$
          with found as materialized (
            select f.root, t.id
            from unnest($1, $2, $3) as f (root, table_name, id)
            join public.%I t on t.%I = f.id
            where f.table_name = $4
              and f.root <> all ($5)
              and not exists (
                select
                from unnest($6, $7, $8) as s (root, table_name, id)
                where (s.root, s.table_name, s.id) = (f.root, $9, t.id)
              )
          )
          select
            coalesce(array_agg(f.root), '{}') as roots,
            coalesce(array_agg(f.id), '{}') as ids,
            count(distinct f.id) filter (where $9 <> $10 or f.id <> all ($11)) as others,
            coalesce(array_agg(f.root) filter (where sync_waits($9, f.id) or exists (
              select
              from _sync_quarantine q
              where q.direction = 'DOWN'
                and q.table_name = $9
                and q.record_id = f.id
            )), '{}') as waited_for
          from found f
        $sql$, v_reference.table_name, v_reference.column_name)
      into v_found
      using
        v_roots[v_level:v_end], v_tables[v_level:v_end], v_ids[v_level:v_end], v_reference.parent_table, v_needed,
        v_roots, v_tables, v_ids, v_reference.table_name, p_table, p_ids;

      if v_reference.stays
        or v_found.others > 5
          and sync_are_many(v_found.others, sync_count(v_reference.table_name), p_max_rows, p_max_percent)
      then
        v_needed := v_needed || v_found.roots;
      else
        v_needed := v_needed || v_found.waited_for;
        v_roots := v_roots || v_found.roots;
        v_tables := v_tables || array_fill(v_reference.table_name, array[cardinality(v_found.roots)]);
        v_ids := v_ids || v_found.ids;
      end if;
    end loop;
    v_level := v_end + 1;
  end loop;
  return array(select distinct unnest(v_needed));
end
$$;

-- The table of each row that the cloud lacks and that nobody has to decide about.
create or replace function sync_deletable()
returns setof text
language sql
stable
set search_path = public, pg_temp
as $$
  select s.table_name
  from _sync_suspect s
  where s.kind in ('missing', 'gone')
    and not sync_waits(s.table_name, s.record_id)
    and not exists (select from _sync_metadata m where m.active and m.guard is not null)
$$;
