-- Ends a comparison: says what may be deleted in the clinic, or sets the guard of the table where what was found looks
-- like a disaster and not like an edit. p_accepted: a person has confirmed it. While another table waits for a person, no row is
-- deleted here either: a few rows of a small table are part of the same disaster. Rows that are needed yet stay: those of
-- the feed are looked at with every pass of it, others with the next comparison.
-- Run by Flyway at init; called by the step 'decide' of the route 'reconcile-keys'.
create or replace function sync_end_comparison(
  p_table text,
  p_rows_seen bigint,
  p_newest bigint,
  p_night timestamptz,
  p_accepted boolean,
  p_max_rows integer,
  p_max_percent integer,
  out guard text,
  out guard_rows bigint,
  out guard_is_news boolean,
  out missing text,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_clinic bigint := sync_count(p_table);
  v_before text := (select m.guard from _sync_metadata m where m.table_name = p_table);
  v_missing bigint;
  v_older bigint;
  v_missing_ids uuid[] := '{}';
  v_needed uuid[];
begin
  delete from _sync_suspect s
  using _sync_pending p
  where s.table_name = p_table
    and p.table_name = p_table
    and p.record_id = s.record_id
    and not p.synced;
  select count(*) filter (where s.kind = 'missing'), count(*) filter (where s.kind = 'older')
  into v_missing, v_older
  from _sync_suspect s
  where s.table_name = p_table;

  if p_accepted then
    guard := null;
  elsif sync_are_many(v_older, v_clinic, p_max_rows, p_max_percent) then
    guard := 'older-cloud';
    guard_rows := v_older;
  elsif v_missing > 0 and p_rows_seen = 0 or sync_are_many(v_missing, v_clinic, p_max_rows, p_max_percent) then
    guard := 'deletes';
    guard_rows := v_missing;
  end if;
  guard_is_news := guard is distinct from v_before;

  update _sync_metadata m
  set guard = sync_end_comparison.guard,
      guard_rows = sync_end_comparison.guard_rows,
      version_mark_before = case
        when coalesce(m.compared_at, m.loaded_at) < p_night then m.version_mark
        else m.version_mark_before
      end,
      version_mark = case
        when m.version_mark is null or coalesce(m.compared_at, m.loaded_at) < p_night
          then coalesce(p_newest, m.version_mark)
        else m.version_mark
      end,
      compare_due_at = case when m.compare_due_at > m.compare_begun_at then m.compare_due_at end,
      compared_at = now(),
      compared_cloud = p_rows_seen,
      compared_clinic = v_clinic
  where m.table_name = p_table;

  if guard is distinct from 'older-cloud' then
    insert into _sync_revisit (table_name, record_id)
    select p_table, s.record_id
    from _sync_suspect s
    where s.table_name = p_table
      and s.kind = 'older'
    on conflict (table_name, record_id) do update
    set noted_at = now();
    delete from _sync_suspect s
    where s.table_name = p_table
      and s.kind = 'older';
  end if;
  if guard is null
    and (p_accepted or not exists (
      select
      from _sync_metadata m
      where m.active
        and m.table_name <> p_table
        and m.guard is not null
    ))
  then
    v_missing_ids := array(
      select s.record_id
      from _sync_suspect s
      where s.table_name = p_table
        and s.kind = 'missing'
    );
  end if;
  v_needed := sync_still_needed(
    p_table, v_missing_ids, case when not p_accepted then p_max_rows end, case when not p_accepted then p_max_percent end);
  update _sync_suspect s
  set kind = 'gone'
  from _sync_metadata m
  where s.table_name = p_table
    and s.record_id = any (v_needed)
    and m.table_name = p_table
    and m.fed_alone;
  missing := coalesce((
    select string_agg(i.id::text, ',' order by i.id)
    from unnest(v_missing_ids) as i (id)
    where i.id <> all (v_needed)
  ), '');
  clock := clock_timestamp()::text;
end
$$;

-- Whether so many rows of a table at once are no edit any more.
create or replace function sync_are_many(p_rows bigint, p_of bigint, p_max_rows integer, p_max_percent integer)
returns boolean
language sql
immutable
as $$
  select p_rows > p_max_rows or p_rows > 5 and p_rows * 100 > p_of * p_max_percent
$$;
