-- Optional part of Centrovision Sync in the cloud: makes sync exact (no late commit, no deletion missed) and far cheaper.
-- Run it whole in the Supabase project's SQL editor, again after an update or a new table; safe to repeat at any time.
--
-- What it adds: the schema centrovision_sync (a list of which row changed when), three triggers on every table with an id
-- of type uuid, and five functions that only service_role may call. It reads and changes no row of yours, and leaves row
-- level security as it is. centrovision_sync_remove.sql takes all of it away.
begin;
set local client_min_messages = warning;
-- Where a program holds a table for longer, nothing is changed: run it again.
set local lock_timeout = '5s';

create schema if not exists centrovision_sync;
revoke all on schema centrovision_sync from public, anon, authenticated;
grant usage on schema centrovision_sync to service_role;

-- Which row of which table was written by which transaction; the rows themselves stay where they are.
create table if not exists centrovision_sync.change (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  table_name text not null,
  id uuid,
  operation text not null,
  changed_at timestamptz not null default now(),
  primary key (xid, seq)
);
-- One row: what was installed, in which database, and up to where old changes were thrown away. Taken away and installed
-- again, it has another installation: what changed meanwhile is not in the list.
create table if not exists centrovision_sync.state (
  only_row boolean primary key default true check (only_row),
  version integer not null,
  installation uuid not null default gen_random_uuid(),
  database_identity text not null,
  trimmed_xid xid8 not null default '0'
);

-- Run again, it must not wait for programs that have written and not ended: what is there already is left alone.
do $$
begin
  if to_regclass('centrovision_sync.change_changed_at') is null then
    create index change_changed_at on centrovision_sync.change (changed_at);
    alter table centrovision_sync.change enable row level security;
    alter table centrovision_sync.state enable row level security;
  end if;
end
$$;
revoke all on all tables in schema centrovision_sync from public, anon, authenticated;
grant select on centrovision_sync.change, centrovision_sync.state to service_role;

-- Another database, or one restored from a backup, has another identity.
create or replace function centrovision_sync.database_identity()
returns text
language sql
stable
set search_path = ''
as $$
  select s.system_identifier || '.' || c.timeline_id || '.' || d.oid
  from pg_catalog.pg_control_system() s
  cross join pg_catalog.pg_control_checkpoint() c
  join pg_catalog.pg_database d on d.datname = pg_catalog.current_database()
$$;

insert into centrovision_sync.state (version, database_identity)
values (5, centrovision_sync.database_identity())
on conflict (only_row) do update
set version = excluded.version;

-- Tables that can be synced: ordinary ones whose primary key is one uuid called id. Without settings of its own, so that the
-- planner looks up the one table that is asked for.
create or replace function centrovision_sync.synced_tables()
returns table (relation oid, table_name text)
language sql
stable
as $$
  select c.oid, c.relname::text
  from pg_catalog.pg_class c
  join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
  where c.relnamespace = 'public'::pg_catalog.regnamespace
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and a.attname = 'id'
    and a.atttypid = 'uuid'::pg_catalog.regtype
$$;

-- Notes what a statement wrote. An application's own rights don't reach the list, so this runs with the owner's.
create or replace function centrovision_sync.note_change()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    insert into centrovision_sync.change (table_name, id, operation)
    select tg_table_name, n.id, tg_op from new_rows n;
  elsif tg_op = 'UPDATE' then
    insert into centrovision_sync.change (table_name, id, operation)
    select tg_table_name, n.id, tg_op from new_rows n;
    -- Where the key itself was written. Not by a join: planned for few rows, it would compare each of many with each other.
    insert into centrovision_sync.change (table_name, id, operation)
    select tg_table_name, g.id, 'DELETE' from (select o.id from old_rows o except select n.id from new_rows n) g;
  elsif tg_op = 'DELETE' then
    insert into centrovision_sync.change (table_name, id, operation)
    select tg_table_name, o.id, tg_op from old_rows o;
  else
    insert into centrovision_sync.change (table_name, operation)
    values (tg_table_name, tg_op);
  end if;
  return null;
end
$$;

-- All tables at once, and for five seconds without waiting while one of them is held: a program that has written into one table
-- goes on to another, and waiting for the one while holding the other would end one of the two. After that they are waited for.
do $$
declare
  watched oid[] := array(
    select t.relation
    from centrovision_sync.synced_tables() t
    where 4 > (
      select count(*)
      from pg_trigger g
      where g.tgrelid = t.relation
        and g.tgfoid = 'centrovision_sync.note_change()'::regprocedure
        and g.tgenabled = 'A'
    )
    order by t.relation
  );
  tables text := (select string_agg(w::regclass::text, ', ' order by w) from unnest(watched) w);
  synced regclass;
  event record;
begin
  if tables is null then
    return;
  end if;
  for attempt in 1 .. 100 loop
    begin
      execute 'lock table ' || tables || ' in share row exclusive mode nowait';
      exit;
    exception
      when lock_not_available then
        perform pg_sleep(0.05);
    end;
  end loop;
  execute 'lock table ' || tables || ' in share row exclusive mode';
  foreach synced in array watched
  loop
    for event in
      select *
      from (values
        ('insert', 'referencing new table as new_rows'),
        ('update', 'referencing old table as old_rows new table as new_rows'),
        ('delete', 'referencing old table as old_rows'),
        ('truncate', '')) as e (name, transition)
    loop
      execute format(
        'create or replace trigger centrovision_sync_%1$s after %1$s on %2$s %3$s '
        'for each statement execute function centrovision_sync.note_change()',
        event.name, synced, event.transition);
      execute format('alter table %s enable always trigger centrovision_sync_%s', synced, event.name);
    end loop;
  end loop;
end
$$;

-- What runs here, and what the service should know about this database.
create or replace function public.sync_info()
returns json
language sql
stable
set search_path = ''
as $$
  select json_build_object(
    'version', s.version,
    'identity', centrovision_sync.database_identity(),
    'now', pg_catalog.to_char(pg_catalog.clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'tables', (
      select coalesce(json_agg(json_build_object(
        'name', t.table_name,
        'feed', pg_catalog.has_table_privilege(t.relation, 'select') and (
          select count(*) = 4
          from pg_catalog.pg_trigger g
          where g.tgrelid = t.relation
            and g.tgname like 'centrovision\_sync\_%'
            and g.tgenabled <> 'D'),
        'stamped', exists (
          select
          from pg_catalog.pg_trigger g
          join pg_catalog.pg_proc p on p.oid = g.tgfoid
          where g.tgrelid = t.relation
            and g.tgenabled <> 'D'
            and (p.prosrc like '%updated_at%' or pg_catalog.encode(g.tgargs, 'escape') like '%updated_at%')),
        'indexed', exists (
          select
          from pg_catalog.pg_index i
          join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
          where i.indrelid = t.relation
            and i.indisvalid
            and a.attname = 'updated_at'),
        'triggers', (
          select coalesce(json_agg(g.tgname order by g.tgname), '[]')
          from pg_catalog.pg_trigger g
          where g.tgrelid = t.relation
            and not g.tgisinternal
            and g.tgname not like 'centrovision\_sync\_%')) order by t.table_name), '[]')
      from centrovision_sync.synced_tables() t))
  from centrovision_sync.state s
$$;

-- The rows written since p_cursor, of all tables at once. Rows come as they are now; ids that are not there any more come
-- as gone.
--
-- p_cursor: the cursor of the answer before, or empty to begin here and now. p_limit: changes in an answer; p_bytes: about
-- how many bytes of rows. p_tables: the tables to answer about.
--
-- A cursor is <database>/<told>/<telling>/<xid>/<seq>: told is the snapshot up to which all is told, telling the one that
-- is told now, where that takes several answers, up to (xid, seq). What is new is what is visible now and was not in told:
-- so a transaction that stays open holds up nobody, and is missed by nobody, and nothing is told twice.
--
-- Answers {status, cursor, more, now, newest, tables: [{table, rows, gone, emptied}]}; status is 'ok', 'expired' (away for
-- longer than changes are kept) or 'other' (another database or installation, or one restored from a backup): then both
-- sides are to be compared. now: the database's time before it looked; newest: transactions from this one on began to write
-- later.
create or replace function public.sync_pull(
  p_cursor text default '',
  p_limit integer default 1000,
  p_bytes integer default 4000000,
  p_tables text[] default null
)
returns json
language plpgsql
stable
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set search_path = ''
-- A connection keeps the plan that it made while the list was still short.
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  v_database text := centrovision_sync.database_identity();
  v_identity text;
  v_now pg_snapshot := pg_catalog.pg_current_snapshot();
  v_newest xid8 := pg_catalog.pg_snapshot_xmax(v_now);
  v_state centrovision_sync.state;
  v_parts text[] := pg_catalog.string_to_array(p_cursor, '/');
  v_told pg_snapshot;
  v_telling pg_snapshot;
  v_xid xid8;
  v_seq bigint;
  v_ended xid8[];
  v_from_xid xid8;
  v_from_seq bigint;
  v_batch centrovision_sync.change[];
  v_whole_batch integer;
  v_table text;
  v_ids uuid[];
  v_bodies text[];
  v_all_tables text[] := '{}';
  v_all_ids uuid[] := '{}';
  v_all_bodies text[] := '{}';
  v_tables json;
  v_more boolean;
begin
  select * into strict v_state from centrovision_sync.state;
  v_identity := v_database || '.' || v_state.installation;
  if p_cursor = '' then
    return json_build_object(
      'status', 'ok', 'cursor', v_identity || '/' || v_now || '//0/0', 'more', false,
      'now', now(), 'newest', v_newest, 'tables', '[]'::json);
  end if;
  if v_parts[1] <> v_identity
    or v_state.database_identity <> v_database
    or p_cursor !~ '^[^/]+/\d+:\d+:[\d,]*/[\d:,]*/\d+/\d+$'
  then
    return json_build_object('status', 'other');
  end if;
  v_told := v_parts[2]::pg_snapshot;
  v_telling := coalesce(nullif(v_parts[3], '')::pg_snapshot, v_now);
  v_xid := v_parts[4]::xid8;
  v_seq := v_parts[5]::bigint;
  if pg_catalog.pg_snapshot_xmax(v_telling) > v_newest then
    return json_build_object('status', 'other');
  elsif pg_catalog.pg_snapshot_xmin(v_told) <= v_state.trimmed_xid then
    return json_build_object('status', 'expired');
  end if;

  -- Those that ran then and have ended since; each is looked up by itself, and what still runs is not looked at.
  v_ended := array(
    select x
    from pg_catalog.pg_snapshot_xip(v_told) x
    where x >= v_xid
      and pg_catalog.pg_visible_in_snapshot(x, v_telling)
  );
  if v_xid < pg_catalog.pg_snapshot_xmax(v_told) then
    v_from_xid := pg_catalog.pg_snapshot_xmax(v_told);
    v_from_seq := 0;
  else
    v_from_xid := v_xid;
    v_from_seq := v_seq;
  end if;
  v_batch := array(
    select f.change
    from (
      select l.*
      from unnest(v_ended) e (xid)
      cross join lateral (
        select c as change, c.xid, c.seq
        from centrovision_sync.change c
        where c.xid = e.xid
          and c.seq > case when e.xid = v_xid then v_seq else 0 end
        order by c.xid, c.seq
        limit p_limit
      ) l
      union all
      select l.*
      from (
        select c as change, c.xid, c.seq
        from centrovision_sync.change c
        where (c.xid, c.seq) > (v_from_xid, v_from_seq)
          and c.xid < pg_catalog.pg_snapshot_xmax(v_telling)
          and pg_catalog.pg_visible_in_snapshot(c.xid, v_telling)
        order by c.xid, c.seq
        limit p_limit
      ) l
    ) f
    order by f.xid, f.seq
    limit p_limit
  );
  v_whole_batch := cardinality(v_batch);

  for v_table, v_ids in
    select b.table_name, pg_catalog.array_agg(distinct b.id)
    from unnest(v_batch) b
    join centrovision_sync.synced_tables() t on t.table_name = b.table_name
    where b.id is not null
      and (p_tables is null or b.table_name = any (p_tables))
    group by b.table_name
  loop
    execute format(
      $sql$
        select pg_catalog.array_agg(i.id), pg_catalog.array_agg(pg_catalog.row_to_json(r)::text)
        from unnest($1) as i (id)
        left join (select t.*, t.xmin::text from public.%I t where t.id = any ($1)) r on r.id = i.id
      $sql$, v_table)
    into v_ids, v_bodies
    using v_ids;
    v_all_ids := v_all_ids || v_ids;
    v_all_bodies := v_all_bodies || v_bodies;
    v_all_tables := v_all_tables || pg_catalog.array_fill(v_table, array[cardinality(v_ids)]);
  end loop;

  -- Each row at its first change; what would not fit is left to the next answer.
  with
  change as (
    select b.table_name, b.id, min(b.place) as place
    from unnest(v_batch) with ordinality as b (xid, seq, table_name, id, operation, changed_at, place)
    group by b.table_name, b.id
  ),
  measured as (
    select
      c.table_name,
      c.id,
      c.place,
      r.body,
      sum(coalesce(pg_catalog.octet_length(r.body), 40)) over (order by c.place) as bytes
    from change c
    left join unnest(v_all_tables, v_all_ids, v_all_bodies) as r (table_name, id, body)
      on r.table_name = c.table_name
      and r.id = c.id
    where r.id is not null
      or c.id is null
        and (p_tables is null or c.table_name = any (p_tables))
  ),
  fitting as (
    select m.*
    from measured m
    where m.bytes <= p_bytes
      or m.place = (select min(f.place) from measured f)
  ),
  cut as (
    select coalesce(min(m.place) - 1, v_whole_batch) as place
    from measured m
    where not exists (select from fitting f where f.place = m.place)
  )
  select v_batch[:cut.place], json_agg(t.answer order by t.table_name) filter (where t.answer is not null)
  into v_batch, v_tables
  from cut
  left join (
    select
      f.table_name,
      json_build_object(
        'table', f.table_name,
        'rows', coalesce(json_agg(f.body::json order by f.place) filter (where f.body is not null), '[]'),
        'gone', coalesce(json_agg(f.id order by f.place) filter (where f.body is null and f.id is not null), '[]'),
        'emptied', bool_or(f.id is null)) as answer
    from fitting f
    group by f.table_name
  ) t on true
  group by cut.place;

  v_more := v_whole_batch = p_limit or cardinality(v_batch) < v_whole_batch;
  if v_more then
    v_xid := v_batch[cardinality(v_batch)].xid;
    v_seq := v_batch[cardinality(v_batch)].seq;
  else
    v_more := v_telling::text <> v_now::text;
    v_told := v_telling;
    v_telling := null;
    v_xid := '0';
    v_seq := 0;
  end if;
  return json_build_object(
    'status', 'ok',
    'cursor', pg_catalog.concat_ws('/', v_identity, v_told, coalesce(v_telling::text, ''), v_xid, v_seq),
    'more', v_more,
    'now', now(),
    'newest', v_newest,
    'tables', coalesce(v_tables, '[]'));
end
$$;

-- Applies changes of several tables in their order, each on the condition that its row still is the version it was made
-- on; one that fails undoes itself alone. It runs with the caller's rights and settings, as a plain request would.
--
-- p_changes: [{table, operation, id, version, row}]; version is the row's xmin, row the values to insert or to set. Instead
-- of the version a change may tell the digest of its row's content, the columns p_columns: they are of one table then, and
-- who sends them knows that content.
-- p_together: all or none, with constraints checked at the end, for rows that refer to each other.
--
-- What follows each other and is of one kind is done in one statement, eight times as much each time while that goes
-- well; where it fails, an eighth is tried, down to the single change that is at fault.
--
-- Answers one outcome for each change, in their order: [{id, outcome, row, part, code, constraint, column}]; outcome is
-- 'done' (row: as it stands now; with p_columns, where it has the content and the values sent, part instead: its other columns),
-- 'conflict' (row: as the cloud has it; none: it is gone, or p_columns were given), 'refused' (code: SQLSTATE; no value of a
-- cell), 'busy' (somebody holds the row, or the request had run for four seconds) or 'undone' (another one of those that
-- belong together failed).
create or replace function public.sync_push(
  p_changes jsonb,
  p_together boolean default false,
  p_columns text[] default null
)
returns json
language plpgsql
set lock_timeout = '2s'
as $$
declare
  v_ends_at timestamptz := clock_timestamp() + interval '4 seconds';
  v_changes jsonb[] := array(select pg_catalog.jsonb_array_elements(p_changes));
  v_count integer := cardinality(v_changes);
  v_versions text[] := centrovision_sync.versions(v_changes, p_columns);
  v_kind_ends integer[] := centrovision_sync.kind_ends(v_changes);
  v_first integer := 0;
  v_last integer;
  v_size integer := 1;
  v_began_at timestamptz;
  v_seconds numeric;
  v_left numeric;
  v_outcomes json[] := '{}';
  v_done json[];
  v_state text;
  v_constraint text;
  v_column text;
begin
  begin
    if p_together then
      set constraints all deferred;
    end if;
    while v_first < v_count loop
      v_began_at := clock_timestamp();
      if not p_together and v_began_at > v_ends_at then
        v_outcomes := v_outcomes || array(
          select json_build_object('id', c -> 'id', 'outcome', 'busy')
          from unnest(v_changes[v_first + 1:]) c
        );
        exit;
      end if;
      v_last := least(v_first + v_size, v_kind_ends[v_first + 1]);
      begin
        v_done := centrovision_sync.apply_changes(
          v_changes[v_first + 1:v_last], v_versions[v_first + 1:v_last], p_columns);
        v_seconds := extract(epoch from clock_timestamp() - v_began_at);
        v_left := extract(epoch from v_ends_at - clock_timestamp());
        -- No more than half of the time that is left may go into the next statement.
        v_size := least(1000, v_size * 8, greatest(1, (v_last - v_first) * v_left / (2 * greatest(v_seconds, 0.001))));
        v_outcomes := v_outcomes || v_done;
        v_first := v_last;
      exception
        when others then
          get stacked diagnostics
            v_state = returned_sqlstate,
            v_constraint = constraint_name,
            v_column = column_name;
          -- Whoever holds one row may hold many: one long wait in a request is enough.
          if v_state = '55P03' then
            perform pg_catalog.set_config('lock_timeout', '100ms', true);
          end if;
          if v_last = v_first + 1 then
            v_outcomes := v_outcomes || json_build_object(
              'id', v_changes[v_last] -> 'id',
              'outcome', case when v_state in ('55P03', '40P01', '40001') then 'busy' else 'refused' end,
              'code', v_state,
              'constraint', nullif(v_constraint, ''),
              'column', nullif(v_column, ''));
            v_first := v_last;
          end if;
          v_size := greatest(1, (v_last - v_first) / 8);
      end;
    end loop;
    if p_together then
      set constraints all immediate;
      if exists (select from unnest(v_outcomes) o where o ->> 'outcome' <> 'done') then
        raise exception using errcode = 'P0CVS';
      end if;
    end if;
  exception
    when sqlstate 'P0CVS' then
      v_outcomes := array(
        select
          case o ->> 'outcome'
            when 'done' then json_build_object('id', o -> 'id', 'outcome', 'undone')
            else o
          end
        from unnest(v_outcomes) with ordinality as u (o, place)
        order by u.place
      );
    when integrity_constraint_violation then
      get stacked diagnostics
        v_state = returned_sqlstate,
        v_constraint = constraint_name;
      v_outcomes := array(
        select json_build_object('id', c -> 'id', 'outcome', 'refused', 'code', v_state, 'constraint', v_constraint)
        from unnest(v_changes) c
      );
  end;
  return pg_catalog.array_to_json(v_outcomes);
end
$$;

-- The expression for the digest of a row t: of the texts of its values, which are the same in the cloud and in a clinic.
-- They are put together as PostgreSQL sends an array, each with its length: two values never look like others.
create or replace function centrovision_sync.digest_of(p_table text, p_columns text[])
returns text
language sql
stable
set search_path = ''
as $$
  select pg_catalog.format('pg_catalog.md5(pg_catalog.array_send(array[%s]))', pg_catalog.string_agg(pg_catalog.format(
    case
      when a.atttypid = any (
        '{text,varchar,uuid,boolean,smallint,integer,bigint,date,timestamptz,bytea}'::pg_catalog.regtype[])
        then 't.%I::text'
      when a.atttypid = 'numeric'::pg_catalog.regtype then 'pg_catalog.trim_scale(t.%I)::text'
      when a.atttypid = 'jsonb'::pg_catalog.regtype then 'nullif(t.%I::text, ''null'')'
      when a.atttypid = 'json'::pg_catalog.regtype then 'nullif(t.%I::jsonb::text, ''null'')'
      else '(pg_catalog.to_json(t.%I) operator(pg_catalog.#>>) ''{}'')'
    end, u.name), ', ' order by u.place))
  from unnest(p_columns) with ordinality as u (name, place)
  left join pg_catalog.pg_attribute a
    on a.attrelid = pg_catalog.to_regclass(pg_catalog.format('public.%I', p_table))
    and a.attname = u.name
$$;

-- The versions that changes are made on. Where a change tells a digest, that of the row if it has such content, and none
-- if not; whoever writes the row before the change is applied gives it another version.
create or replace function centrovision_sync.versions(p_changes jsonb[], p_columns text[])
returns text[]
language plpgsql
stable
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
set client_encoding = 'UTF8'
set search_path = ''
as $$
declare
  v_table text := p_changes[1] ->> 'table';
  v_versions text[];
begin
  if p_columns is null or cardinality(p_columns) > (
    select count(*)
    from centrovision_sync.synced_tables() t
    join pg_catalog.pg_attribute a on a.attrelid = t.relation
    where t.table_name = v_table
      and a.attnum > 0
      and not a.attisdropped
      and a.attname = any (p_columns)
  )
  then
    return array(select c ->> 'version' from unnest(p_changes) c);
  end if;
  execute format(
    $sql$
      select pg_catalog.array_agg(
        case
          when not c.change ? 'digest' then c.change ->> 'version'
          when c.change ->> 'table' = $2 and c.change ->> 'digest' = %2$s then t.xmin::text
        end
        order by c.place)
      from unnest($1) with ordinality as c (change, place)
      -- Looked up one by one (here and below, = any): the planner would rather read a whole table of some thousand rows.
      left join public.%1$I t on t.id = any (array[(c.change ->> 'id')::uuid])
    $sql$, v_table, centrovision_sync.digest_of(v_table, p_columns))
  into v_versions
  using p_changes, v_table;
  return v_versions;
end
$$;

-- For each change the place of the last one up to which all are of its kind: the same table, operation and columns, and
-- no row twice.
create or replace function centrovision_sync.kind_ends(p_changes jsonb[])
returns integer[]
language sql
stable
as $$
  with
  change as (
    select
      c.place,
      pg_catalog.row_number() over (
        partition by c.change ->> 'table' collate pg_catalog."C", c.change ->> 'id' collate pg_catalog."C"
        order by c.place) as turn,
      c.change ->> 'table' as table_name,
      c.change ->> 'operation' as operation,
      array(select k from pg_catalog.jsonb_object_keys(coalesce(nullif(c.change -> 'row', 'null'), '{}')) k) as columns
    from unnest(p_changes) with ordinality as c (change, place)
  ),
  cut as (
    select
      c.place,
      (c.turn, c.table_name, c.operation, c.columns) is distinct from
        (lead(c.turn) over w, lead(c.table_name) over w, lead(c.operation) over w, lead(c.columns) over w) as is_last
    from change c
    window w as (order by c.place)
  )
  select array_agg(e.kind_end order by e.place)
  from (
    -- Backwards: each minimum is that of the one before and one more.
    select c.place, (min(c.place) filter (where c.is_last) over (order by c.place desc))::integer as kind_end
    from cut c
  ) e
$$;

-- What is told of an updated row t, by whoever knows the values of p_columns in the row o that it was: a row (whole), and the
-- condition on which it is enough to tell the other columns (part). p_set: the columns that were set, to those of s.new_row.
create or replace function centrovision_sync.told_of(
  p_table text,
  p_columns text[],
  p_set text[],
  out is_as_known text,
  out part text
)
language sql
stable
set search_path = ''
as $$
  select
    coalesce(pg_catalog.string_agg(format(
      case
        when a.attcollation <> 0 then '(%1$s)::text collate pg_catalog."C" is not distinct from (%2$s)::text'
        when a.atttypid = any (
          '{uuid,boolean,smallint,integer,bigint,date,timestamptz,numeric,jsonb}'::pg_catalog.regtype[])
          then '%1$s is not distinct from %2$s'
        else '(%1$s)::text is not distinct from (%2$s)::text'
      end,
      format('t.%I', a.attname),
      case when a.attname = any (p_set) then format('(s.new_row).%I', a.attname) else format('o.%I', a.attname) end),
      ' and ') filter (where a.attname = any (p_columns)), 'false'),
    pg_catalog.string_agg(format('t.%I', a.attname), ', ')
      filter (where a.attname = 'id' or a.attname <> all (p_columns))
  from pg_catalog.pg_attribute a
  where a.attrelid = pg_catalog.to_regclass(format('public.%I', p_table))
    and a.attnum > 0
    and not a.attisdropped
$$;

-- Applies changes of one kind in one statement, each where its row has the version beside it; their outcomes, in their
-- order: 'done' or 'conflict'.
create or replace function centrovision_sync.apply_changes(p_changes jsonb[], p_versions text[], p_columns text[])
returns json[]
language plpgsql
as $$
declare
  v_table text := p_changes[1] ->> 'table';
  v_operation text := p_changes[1] ->> 'operation';
  v_set text[] := array(select pg_catalog.jsonb_object_keys(coalesce(nullif(p_changes[1] -> 'row', 'null'), '{}')));
  v_columns text;
  v_values text;
  v_is_as_known text;
  v_part text;
  v_ids uuid[];
  v_rows json[];
  v_parts json[];
  v_other_ids uuid[];
  v_other_rows json[];
begin
  if not exists (select from centrovision_sync.synced_tables() t where t.table_name = v_table) then
    raise undefined_table;
  end if;
  select
    pg_catalog.string_agg(pg_catalog.quote_ident(k), ', '),
    pg_catalog.string_agg('(s.new_row).' || pg_catalog.quote_ident(k), ', ')
  into v_columns, v_values
  from unnest(v_set) k;
  select t.is_as_known, t.part
  into v_is_as_known, v_part
  from centrovision_sync.told_of(v_table, p_columns, v_set) t
  where p_columns is not null;
  execute format(
    $sql$
      with
      sent as materialized (
        select
          (c.change ->> 'id')::uuid as id,
          nullif(c.version, '')::xid as version,
          c.place,
          pg_catalog.jsonb_populate_record(
            null::public.%1$I, coalesce(nullif(c.change -> 'row', 'null'), '{}')) as new_row
        from unnest($1, $2) with ordinality as c (change, version, place)
      ),
      written as (
    $sql$ || case
      when v_operation = 'INSERT' then
        $sql$
          insert into public.%1$I as t (%2$s)
          select %3$s from sent s order by s.place
          on conflict (id) do nothing
          returning t.id, (select pg_catalog.row_to_json(r) from (select t.*, t.xmin::text) r) as whole, null::json as part
        $sql$
      when v_operation = 'UPDATE' and p_columns is null then
        $sql$
          update public.%1$I t
          set (%2$s) = row(%3$s)
          from sent s
          where t.id = any (array[s.id])
            and t.xmin = s.version
          returning t.id, (select pg_catalog.row_to_json(r) from (select t.*, t.xmin::text) r) as whole, null::json as part
        $sql$
      when v_operation = 'UPDATE' then
        $sql$
          update public.%1$I t
          set (%2$s) = row(%3$s)
          from sent s
          join public.%1$I o on o.id = any (array[s.id])
          where t.id = any (array[s.id])
            and t.xmin = s.version
          returning
            t.id,
            case when not (%4$s) then pg_catalog.row_to_json(t) end as whole,
            case when %4$s then (select pg_catalog.row_to_json(r) from (select %5$s) r) end as part
        $sql$
      when v_operation = 'DELETE' then
        $sql$
          delete from public.%1$I t
          using sent s
          where t.id = any (array[s.id])
            and t.xmin = s.version
          returning t.id, null::json as whole, null::json as part
        $sql$
    end || $sql$
      )
      select pg_catalog.array_agg(w.id), pg_catalog.array_agg(w.whole), pg_catalog.array_agg(w.part) from written w
    $sql$, v_table, v_columns, v_values, v_is_as_known, v_part)
  into v_ids, v_rows, v_parts
  using p_changes, p_versions;
  if p_columns is null and coalesce(cardinality(v_ids), 0) < cardinality(p_changes) then
    execute format(
      $sql$
        select pg_catalog.array_agg(r.id), pg_catalog.array_agg(pg_catalog.row_to_json(r))
        from (select t.*, t.xmin::text from public.%I t where t.id = any ($1)) r
      $sql$, v_table)
    into v_other_ids, v_other_rows
    using array(select (c ->> 'id')::uuid from unnest(p_changes) c);
  end if;
  return array(
    select
      case
        when w.id is null then json_build_object('id', c.change -> 'id', 'outcome', 'conflict', 'row', o.row)
        when w.part is not null then json_build_object('id', c.change -> 'id', 'outcome', 'done', 'part', w.part)
        else json_build_object('id', c.change -> 'id', 'outcome', 'done', 'row', w.row)
      end
    from unnest(p_changes) with ordinality as c (change, place)
    left join unnest(v_ids, v_rows, v_parts) as w (id, row, part) on w.id = (c.change ->> 'id')::uuid
    left join unnest(v_other_ids, v_other_rows) as o (id, row) on o.id = (c.change ->> 'id')::uuid
    order by c.place
  );
end
$$;

-- A table in a few numbers, so that two sides find where they differ without reading it: its rows are put into buckets by
-- the first hex digits of their ids, and each bucket has a count and a sum of its rows' digests.
--
-- p_columns: what is compared, in this order. p_prefixes: the buckets to look into ({''}: the whole table). p_digits: how
-- many digits longer the buckets of the answer are; 0 answers the rows themselves, one bucket for each.
create or replace function public.sync_digest(
  p_table text,
  p_columns text[],
  p_prefixes text[] default '{""}',
  p_digits integer default 2
)
returns json
language plpgsql
stable
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
set client_encoding = 'UTF8'
set search_path = ''
as $$
declare
  v_digest text := centrovision_sync.digest_of(p_table, p_columns);
  v_prefixes text[];
  v_first_ids uuid[];
  v_last_ids uuid[];
  v_buckets json;
begin
  if not exists (select from centrovision_sync.synced_tables() s where s.table_name = p_table) then
    raise undefined_table;
  end if;
  -- Neighbours are one range: a table whose ids are random is read once.
  select
    pg_catalog.array_agg(r.prefix),
    pg_catalog.array_agg(pg_catalog.rpad(r.prefix, 32, '0')::uuid),
    pg_catalog.array_agg(pg_catalog.rpad(r.last_prefix, 32, 'f')::uuid)
  into v_prefixes, v_first_ids, v_last_ids
  from (
    select min(s.prefix collate pg_catalog."C") as prefix, max(s.prefix collate pg_catalog."C") as last_prefix
    from (
      select
        p.prefix,
        pg_catalog.length(p.prefix) as digits,
        pg_catalog.left(p.prefix, -1) as parent,
        pg_catalog.strpos('0123456789abcdef', pg_catalog.right(p.prefix, 1)) - pg_catalog.row_number() over (
          partition by pg_catalog.length(p.prefix), pg_catalog.left(p.prefix, -1)
          order by p.prefix collate pg_catalog."C") as island
      from unnest(p_prefixes) as p (prefix)
    ) s
    group by s.digits, s.parent, s.island
  ) r;
  execute format(
    $sql$
      select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(b.bucket, b.rows, b.digest) order by b.bucket), '[]')
      from (
        select r.bucket, count(*) as rows, sum(r.digest)::text as digest
        from (
          select
            case
              when $2 = 0 then t.id::text
              else pg_catalog.left(pg_catalog.replace(t.id::text, '-', ''), pg_catalog.length(p.prefix) + $2)
            end as bucket,
            ('x' || pg_catalog.left(%2$s, 15))::bit(60)::bigint as digest
          from unnest($1, $3, $4) as p (prefix, first_id, last_id)
          join public.%1$I t on t.id >= p.first_id and t.id <= p.last_id
        ) r
        group by r.bucket
      ) b
    $sql$, p_table, v_digest)
  into v_buckets
  using v_prefixes, p_digits, v_first_ids, v_last_ids;
  return v_buckets;
end
$$;

-- Throws away what is older than p_days, and everything where this is another database than before. Answers how many.
create or replace function public.sync_trim(p_days integer default 30, p_rows integer default 50000)
returns bigint
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_identity text := centrovision_sync.database_identity();
  v_trimmed bigint;
begin
  perform from centrovision_sync.state s for update;
  if not exists (select from centrovision_sync.state s where s.database_identity = v_identity) then
    truncate centrovision_sync.change;
    update centrovision_sync.state set database_identity = v_identity, trimmed_xid = '0';
  end if;
  with
  old as (
    select c.xid, c.seq
    from centrovision_sync.change c
    where c.changed_at < now() - pg_catalog.make_interval(days => greatest(p_days, 1))
    order by c.xid, c.seq
    limit p_rows
  ),
  trimmed as (
    delete from centrovision_sync.change c
    using old o
    where c.xid = o.xid
      and c.seq = o.seq
    returning c.xid
  ),
  mark as (
    update centrovision_sync.state s
    set trimmed_xid = greatest(s.trimmed_xid, (select max(t.xid) from trimmed t))
    where exists (select from trimmed)
  )
  select count(*) into v_trimmed from trimmed;
  return v_trimmed;
end
$$;

-- Nobody but the service's key; what an older version had in another shape goes.
do $$
declare
  routine record;
begin
  for routine in
    select
      p.oid::regprocedure as name,
      p.oid::regprocedure = any (array[
        'public.sync_info()', 'public.sync_pull(text, integer, integer, text[])', 'public.sync_push(jsonb, boolean, text[])',
        'public.sync_digest(text, text[], text[], integer)', 'public.sync_trim(integer, integer)',
        'centrovision_sync.database_identity()', 'centrovision_sync.synced_tables()', 'centrovision_sync.note_change()',
        'centrovision_sync.digest_of(text, text[])', 'centrovision_sync.versions(jsonb[], text[])',
        'centrovision_sync.kind_ends(jsonb[])', 'centrovision_sync.told_of(text, text[], text[])',
        'centrovision_sync.apply_changes(jsonb[], text[], text[])']::regprocedure[]) as is_current
    from pg_proc p
    where p.pronamespace = 'centrovision_sync'::regnamespace
      or p.pronamespace = 'public'::regnamespace
        and p.proname in ('sync_info', 'sync_pull', 'sync_push', 'sync_digest', 'sync_trim')
        and p.prosrc like '%centrovision\_sync.%'
  loop
    if routine.is_current then
      execute format('revoke all on function %s from public, anon, authenticated', routine.name);
      execute format('grant execute on function %s to service_role', routine.name);
    else
      execute format('drop function %s', routine.name);
    end if;
  end loop;
end
$$;
revoke execute on function centrovision_sync.note_change() from service_role;

notify pgrst, 'reload schema';
commit;
