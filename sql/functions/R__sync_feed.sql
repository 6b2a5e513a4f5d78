-- Applies the cloud's feed, which tells what changed in all tables: which tables it covers, what it tells, up to where.
-- Run by Flyway at init; called by the steps of the route 'feed'.
--
-- A table joins the feed at its cursor. What happened to it before is brought by its first load, where that begins after;
-- else by one more pass by stamps and a comparison of keys, which is remembered until it is done. From then on the feed is
-- alone, and the table's own route fetches only rows that are marked.

-- p_fed: the tables whose changes the cloud's feed tells. cursor is empty where the feed has not begun.
create or replace function sync_start_feed(p_fed text, out cursor text, out tables text, out clock text)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_fed text[] := string_to_array(nullif(p_fed, ''), ',');
begin
  cursor := coalesce((select f.cursor from _sync_feed f), '');
  perform sync_leave_feed(array(
    select m.table_name
    from _sync_metadata m
    where m.fed_since is not null
      and not (m.table_name = any (v_fed) and sync_may_be_fed(m))
  ));
  if cursor <> '' then
    perform sync_join_feed(v_fed);
  end if;
  tables := coalesce((
    select string_agg(m.table_name, ',' order by m.table_name)
    from _sync_metadata m
    where m.fed_since is not null
  ), '');
  clock := clock_timestamp()::text;
end
$$;

-- Whether the feed can bring a table's changes: it knows no filter, and tells nothing of what an older cloud lost.
create or replace function sync_may_be_fed(p_table _sync_metadata)
returns boolean
language sql
immutable
as $$
  select p_table.active
    and p_table.direction <> 'up'
    and p_table.cloud_filter = ''
    and p_table.guard is distinct from 'older-cloud'
$$;

create or replace function sync_join_feed(p_fed text[])
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_metadata m
  set fed_since = now(),
      fed_alone = m.load_started_at is null,
      compare_due_at = case when m.load_started_at is null then m.compare_due_at else now() end
  where m.table_name = any (p_fed)
    and m.fed_since is null
    and sync_may_be_fed(m)
$$;

-- The comparison finds what changed since the feed was heard last and moved no stamp.
create or replace function sync_leave_feed(p_tables text[])
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_metadata m
  set fed_since = null,
      fed_alone = false,
      compare_due_at = now()
  where m.table_name = any (p_tables)
    and m.fed_since is not null
$$;

-- Applies what an answer of the feed tells about a table. Each change is told once: what cannot be applied now is marked,
-- so that the table's route fetches it, or its deletion waits. A table that left the feed since is left to its comparison.
-- p_alone: no page of the table's route was under way since the cloud was asked; its rows might be older. p_gone: ids.
create or replace function sync_apply_feed(
  p_table text,
  p_rows json,
  p_gone text,
  p_emptied boolean,
  p_asked_at timestamptz,
  p_cloud_now timestamptz,
  p_alone boolean,
  out applied integer,
  out quarantined integer,
  out state text
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_older uuid[];
  v_rows json := p_rows;
begin
  perform sync_require_tenure(p_asked_at);
  applied := 0;
  quarantined := 0;
  if not exists (
    select from _sync_metadata m where m.table_name = p_table and m.fed_since is not null and sync_may_be_fed(m)
  ) then
    return;
  end if;
  if p_emptied then
    update _sync_metadata m
    set compare_due_at = now()
    where m.table_name = p_table;
  end if;
  delete from _sync_suspect s
  using json_array_elements(p_rows) e
  where s.table_name = p_table
    and s.kind = 'gone'
    and s.record_id = (e ->> 'id')::uuid;
  insert into _sync_suspect (table_name, record_id, kind)
  select p_table, g.id::uuid, 'gone'
  from unnest(string_to_array(nullif(p_gone, ''), ',')) as g (id)
  on conflict (table_name, record_id) do update
  set kind = excluded.kind;

  if json_array_length(p_rows) > 0 then
    begin
      perform set_config('lock_timeout', '3s', true);
      v_older := sync_older_rows(p_table, p_rows);
      if cardinality(v_older) > 0 then
        insert into _sync_suspect (table_name, record_id, kind)
        select p_table, unnest(v_older), 'back'
        on conflict (table_name, record_id) do update
        set kind = excluded.kind;
        v_rows := (
          select coalesce(json_agg(e), '[]')
          from json_array_elements(p_rows) e
          where (e ->> 'id')::uuid <> all (v_older)
        );
      end if;
      if p_alone and json_array_length(v_rows) > 0 then
        select a.applied, a.quarantined
        into applied, quarantined
        from sync_apply_chunk(p_table, 'feed', v_rows, p_asked_at, p_cloud_now) a;
        v_rows := '[]';
      end if;
    exception
      when others then
        applied := 0;
        quarantined := 0;
        state := sqlstate;
        v_rows := p_rows;
    end;
  end if;
  insert into _sync_revisit as r (table_name, record_id, by_content)
  select p_table, (e ->> 'id')::uuid, true
  from json_array_elements(v_rows) e
  on conflict (table_name, record_id) do update
  set noted_at = now(),
      by_content = true;
end
$$;

-- Rows that the clinic has in a newer version: their number tells an edit from a restored cloud.
create or replace function sync_older_rows(p_table text, p_rows json)
returns uuid[]
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_older uuid[];
begin
  execute format(
    $sql$
      select coalesce(array_agg(t.id), '{}')
      from json_to_recordset($1) as r (id uuid, updated_at timestamptz)
      join public.%I t on t.id = r.id
      where r.updated_at < t.updated_at
        and not sync_waits($2, t.id)
    $sql$, p_table)
  into v_older
  using p_rows, p_table;
  return v_older;
end
$$;

-- All of an answer is applied: the feed goes on behind it. p_begins: it begins here, and every table joins it anew.
-- p_newest, p_now: the cloud's newest transaction and its time before that, which show up to when all is applied.
-- p_asked_at: the clinic database's time before the cloud was asked.
create or replace function sync_end_feed_page(
  p_cursor text,
  p_begins boolean,
  p_fed text,
  p_newest numeric,
  p_now timestamptz,
  p_asked_at timestamptz,
  out tables text,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_xid numeric := split_part(split_part(p_cursor, '/', 2), ':', 1)::numeric;
begin
  perform sync_require_tenure(p_asked_at);
  if p_begins then
    perform sync_leave_feed(array(select m.table_name from _sync_metadata m));
    delete from _sync_feed;
    perform sync_join_feed(string_to_array(nullif(p_fed, ''), ','));
  end if;
  insert into _sync_feed as f (cursor, newest, newest_at, settled_at)
  values (p_cursor, p_newest, p_now, case when v_xid >= p_newest then p_now end)
  on conflict (id) do update
  set cursor = excluded.cursor,
      newest = case when v_xid >= f.newest then excluded.newest else f.newest end,
      newest_at = case when v_xid >= f.newest then excluded.newest_at else f.newest_at end,
      settled_at = case
        when excluded.settled_at is not null then excluded.settled_at
        when v_xid >= f.newest then f.newest_at
        else f.settled_at
      end;
  select s.tables, s.clock into tables, clock from sync_start_feed(p_fed) s;
end
$$;

-- Rows of a table that the feed told to be gone, to be asked about by id once more and deleted; those that went back to an
-- older version are marked to be fetched. None of them where they are so many that a comparison has to decide. What waits
-- to go up stays until that has decided about the row, and what such a row refers to stays with it.
create or replace function sync_gone_rows(
  p_table text,
  p_max_rows integer,
  p_max_percent integer,
  out missing text,
  out clock text
)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_clinic bigint;
  v_gone bigint;
  v_back bigint;
  v_gone_ids uuid[];
  v_needed uuid[];
begin
  perform set_config('lock_timeout', '3s', true);
  v_clinic := sync_count(p_table);
  execute format(
    $sql$
      delete from _sync_suspect s
      where s.table_name = $1
        and s.kind = 'gone'
        and not exists (select from public.%I t where t.id = s.record_id)
    $sql$, p_table)
  using p_table;
  execute format(
    $sql$
      update _sync_suspect s
      set stamp = t.updated_at
      from public.%I t
      where s.table_name = $1
        and s.kind = 'gone'
        and t.id = s.record_id
    $sql$, p_table)
  using p_table;
  select
    count(*) filter (where s.kind = 'gone'),
    count(*) filter (where s.kind = 'back'),
    coalesce(array_agg(s.record_id) filter (where s.kind = 'gone'), '{}')
  into v_gone, v_back, v_gone_ids
  from _sync_suspect s
  where s.table_name = p_table
    and s.kind in ('gone', 'back')
    and not sync_waits(p_table, s.record_id);

  if sync_are_many(v_back, v_clinic, p_max_rows, p_max_percent)
    or v_gone > 0
      and (
        v_gone = v_clinic
        or sync_are_many(v_gone, v_clinic, p_max_rows, p_max_percent)
        or exists (select from _sync_metadata m where m.table_name = p_table and m.guard is not null)
      )
  then
    delete from _sync_suspect s
    where s.table_name = p_table
      and s.kind = 'gone'
      and not sync_waits(p_table, s.record_id);
    update _sync_metadata m
    set compare_due_at = now()
    where m.table_name = p_table
      and m.guard is null;
  else
    v_needed := sync_still_needed(p_table, v_gone_ids, p_max_rows, p_max_percent);
    missing := (
      select string_agg(i.id::text, ',' order by i.id)
      from unnest(v_gone_ids) as i (id)
      where i.id <> all (v_needed)
    );
    insert into _sync_revisit (table_name, record_id, by_content)
    select p_table, s.record_id, true
    from _sync_suspect s
    where s.table_name = p_table
      and s.kind = 'back'
    on conflict (table_name, record_id) do update
    set noted_at = now(),
        by_content = true;
  end if;
  delete from _sync_suspect s
  where s.table_name = p_table
    and s.kind = 'back';
  missing := coalesce(missing, '');
  clock := clock_timestamp()::text;
end
$$;

-- The feed was read to its end: all its tables are as after a pass of their own. Their cursors follow an overlap behind,
-- so that passes by stamps may take over at any time.
create or replace function sync_end_feed(p_overlap_seconds bigint)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_metadata m
  set last_sync_from_supabase = now(),
      last_error = null,
      cursor_stamp = coalesce(f.settled_at - make_interval(secs => p_overlap_seconds), m.cursor_stamp),
      cursor_id = case when f.settled_at is null then m.cursor_id else '00000000-0000-0000-0000-000000000000' end,
      updated_at = now()
  from _sync_feed f
  where m.fed_alone
    and m.loaded_at is not null
    and not (
      m.last_error is not null
      and exists (select from _sync_revisit r where r.table_name = m.table_name)
    )
$$;

create or replace function sync_fail_feed(p_error text)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_metadata
  set last_error = p_error,
      updated_at = now()
  where fed_since is not null;
  insert into _sync_log (direction, records_affected, status, error_message)
  values ('DOWN', 0, 'ERROR', p_error)
$$;
