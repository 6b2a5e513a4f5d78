-- Optional part of Centrovision Sync in the cloud: makes sync exact (no late commit, no deletion missed) and far cheaper.
-- Run it whole in the Supabase project's SQL editor, again after an update or a new table; safe to repeat at any time.
--
-- What it adds: the schema centrovision_sync (a list of which row changed when), three triggers on every table with an id
-- of type uuid, and five functions that only service_role may call. It reads and changes no row of yours, and leaves row
-- level security as it is. centrovision_sync_remove.sql takes all of it away.
begin;
set local client_min_messages = warning;

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
create index if not exists change_changed_at on centrovision_sync.change (changed_at);

-- One row: what was installed, in which database, and up to where old changes were thrown away. Taken away and installed
-- again, it has another installation: what changed meanwhile is not in the list.
create table if not exists centrovision_sync.state (
  only_row boolean primary key default true check (only_row),
  version integer not null,
  installation uuid not null default gen_random_uuid(),
  database_identity text not null,
  trimmed_xid xid8 not null default '0'
);

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
values (1, centrovision_sync.database_identity())
on conflict (only_row) do update
set version = excluded.version;

-- Tables that can be synced: ordinary ones whose primary key is one uuid called id.
create or replace function centrovision_sync.synced_tables()
returns table (relation oid, table_name text)
language sql
stable
set search_path = ''
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
    select tg_table_name, n.id, tg_op from new_rows n
    union all
    select tg_table_name, o.id, 'DELETE' from old_rows o where not exists (select from new_rows n where n.id = o.id);
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

do $$
declare
  synced record;
  event record;
begin
  for synced in select t.relation, t.table_name from centrovision_sync.synced_tables() t loop
    for event in
      select *
      from (values
        ('insert', 'referencing new table as new_rows'),
        ('update', 'referencing old table as old_rows new table as new_rows'),
        ('delete', 'referencing old table as old_rows'),
        ('truncate', '')) as e (name, transition)
    loop
      execute format(
        'create or replace trigger centrovision_sync_%1$s after %1$s on public.%2$I %3$s '
        'for each statement execute function centrovision_sync.note_change()',
        event.name, synced.table_name, event.transition);
      execute format(
        'alter table public.%I enable always trigger centrovision_sync_%s', synced.table_name, event.name);
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

-- The rows written since p_cursor, of all tables at once, by transactions that are finished for certain: every one below
-- the oldest that still runs. Rows come as they are now; ids that are not there any more come as gone.
--
-- p_cursor: the cursor of the answer before, or empty to begin here and now. p_limit: changes in an answer; p_bytes: about
-- how many bytes of rows. p_tables: the tables to answer about.
--
-- Where a transaction stays open for long, what was committed meanwhile comes ahead of its turn, and once more later: the
-- cursor stays where everything before it is finished.
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
as $$
declare
  v_database text := centrovision_sync.database_identity();
  v_identity text;
  v_horizon xid8 := pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot());
  v_newest xid8 := pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot());
  v_state centrovision_sync.state;
  v_xid xid8;
  v_seq bigint;
  v_ahead bigint;
  v_is_ahead boolean := false;
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
      'status', 'ok', 'cursor', v_identity || '/' || v_horizon || '/0/0', 'more', false,
      'now', now(), 'newest', v_newest, 'tables', '[]'::json);
  end if;
  v_xid := pg_catalog.split_part(p_cursor, '/', 2)::xid8;
  v_seq := pg_catalog.split_part(p_cursor, '/', 3)::bigint;
  v_ahead := pg_catalog.split_part(p_cursor, '/', 4)::bigint;
  if pg_catalog.split_part(p_cursor, '/', 1) <> v_identity or v_state.database_identity <> v_database or v_xid > v_newest then
    return json_build_object('status', 'other');
  elsif v_xid <= v_state.trimmed_xid then
    return json_build_object('status', 'expired');
  end if;

  v_batch := array(
    select c
    from centrovision_sync.change c
    where (c.xid, c.seq) > (v_xid, v_seq)
      and c.xid < v_horizon
    order by c.xid, c.seq
    limit p_limit
  );
  if cardinality(v_batch) = 0 then
    v_is_ahead := true;
    v_xid := greatest(v_xid, v_horizon);
    v_seq := case when v_xid = v_horizon then 0 else v_seq end;
    v_batch := array(
      select c
      from centrovision_sync.change c
      where c.xid >= v_horizon
        and c.seq > v_ahead
      order by c.seq
      limit p_limit
    );
  end if;
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
  if v_is_ahead then
    v_ahead := greatest(v_ahead, (select max(b.seq) from unnest(v_batch) b));
  elsif v_more then
    v_xid := v_batch[cardinality(v_batch)].xid;
    v_seq := v_batch[cardinality(v_batch)].seq;
  else
    v_xid := v_horizon;
    v_seq := 0;
    v_more := exists (select from centrovision_sync.change c where c.xid >= v_horizon and c.seq > v_ahead);
  end if;
  return json_build_object(
    'status', 'ok',
    'cursor', v_identity || '/' || v_xid || '/' || v_seq || '/' || v_ahead,
    'more', v_more,
    'now', now(),
    'newest', v_newest,
    'tables', coalesce(v_tables, '[]'));
end
$$;

-- Applies changes of several tables in their order, each on the condition that its row still is the version it was made
-- on; one that fails undoes itself alone. It runs with the caller's rights and settings, as a plain request would.
--
-- p_changes: [{table, operation, id, version, row}]; version is the row's xmin, row the values to insert or to set.
-- p_together: all or none, with constraints checked at the end, for rows that refer to each other.
--
-- Answers one outcome for each change, in their order: [{id, outcome, row, code, constraint, column}]; outcome is 'done'
-- (row: as it stands now), 'conflict' (row: as the cloud has it; none: it is gone), 'refused' (code: SQLSTATE; no value
-- of a cell), 'busy' (somebody holds the row, or the request had run for four seconds) or 'undone' (another one of
-- those that belong together failed).
create or replace function public.sync_push(p_changes jsonb, p_together boolean default false)
returns json
language plpgsql
set lock_timeout = '2s'
as $$
declare
  v_ends_at timestamptz := clock_timestamp() + interval '4 seconds';
  v_change jsonb;
  v_outcomes json[] := '{}';
  v_row json;
  v_state text;
  v_constraint text;
  v_column text;
  v_all_done boolean := true;
begin
  begin
    if p_together then
      set constraints all deferred;
    end if;
    for v_change in select c.value from pg_catalog.jsonb_array_elements(p_changes) c loop
      if not p_together and clock_timestamp() > v_ends_at then
        v_outcomes := v_outcomes || json_build_object('id', v_change -> 'id', 'outcome', 'busy');
        continue;
      end if;
      begin
        v_row := centrovision_sync.apply_change(v_change);
        if v_row is null then
          v_all_done := false;
          v_outcomes := v_outcomes || json_build_object(
            'id', v_change -> 'id',
            'outcome', 'conflict',
            'row', centrovision_sync.current_row(v_change ->> 'table', (v_change ->> 'id')::uuid));
        else
          v_outcomes := v_outcomes || json_build_object(
            'id', v_change -> 'id',
            'outcome', 'done',
            'row', case when v_change ->> 'operation' <> 'DELETE' then v_row end);
        end if;
      exception
        when others then
          get stacked diagnostics
            v_state = returned_sqlstate,
            v_constraint = constraint_name,
            v_column = column_name;
          v_all_done := false;
          v_outcomes := v_outcomes || json_build_object(
            'id', v_change -> 'id',
            'outcome', case when v_state in ('55P03', '40P01', '40001') then 'busy' else 'refused' end,
            'code', v_state,
            'constraint', nullif(v_constraint, ''),
            'column', nullif(v_column, ''));
          -- Whoever holds one row may hold many: one long wait in a request is enough.
          if v_state = '55P03' then
            perform pg_catalog.set_config('lock_timeout', '100ms', true);
          end if;
      end;
    end loop;
    if p_together then
      set constraints all immediate;
      if not v_all_done then
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
        select json_build_object('id', c.value -> 'id', 'outcome', 'refused', 'code', v_state, 'constraint', v_constraint)
        from pg_catalog.jsonb_array_elements(p_changes) c
      );
  end;
  return pg_catalog.array_to_json(v_outcomes);
end
$$;

-- Applies one change; the row as it stands afterwards (of a delete: as it stood before), or null where the version differs.
create or replace function centrovision_sync.apply_change(p_change jsonb)
returns json
language plpgsql
as $$
declare
  v_table text := p_change ->> 'table';
  v_columns text;
  v_row json;
begin
  if not exists (select from centrovision_sync.synced_tables() t where t.table_name = v_table) then
    raise undefined_table;
  end if;
  v_columns := (
    select pg_catalog.string_agg(pg_catalog.quote_ident(k), ', ')
    from pg_catalog.jsonb_object_keys(coalesce(nullif(p_change -> 'row', 'null'), '{}')) k
  );
  case p_change ->> 'operation'
    when 'INSERT' then
      execute format(
        $sql$
          with written as (
            insert into public.%1$I as t (%2$s)
            select %2$s from pg_catalog.jsonb_populate_record(null::public.%1$I, $1)
            on conflict (id) do nothing
            returning t.*, t.xmin::text
          )
          select pg_catalog.row_to_json(w) from written w
        $sql$, v_table, v_columns)
      into v_row
      using p_change -> 'row';
    when 'UPDATE' then
      execute format(
        $sql$
          with written as (
            update public.%1$I t
            set (%2$s) = (select %2$s from pg_catalog.jsonb_populate_record(null::public.%1$I, $1))
            where t.id = $2
              and t.xmin = $3
            returning t.*, t.xmin::text
          )
          select pg_catalog.row_to_json(w) from written w
        $sql$, v_table, v_columns)
      into v_row
      using p_change -> 'row', (p_change ->> 'id')::uuid, (p_change ->> 'version')::xid;
    when 'DELETE' then
      execute format(
        $sql$
          with gone as (
            delete from public.%1$I t
            where t.id = $1
              and t.xmin = $2
            returning t.*
          )
          select pg_catalog.row_to_json(g) from gone g
        $sql$, v_table)
      into v_row
      using (p_change ->> 'id')::uuid, (p_change ->> 'version')::xid;
  end case;
  return v_row;
end
$$;

create or replace function centrovision_sync.current_row(p_table text, p_id uuid)
returns json
language plpgsql
as $$
declare
  v_row json;
begin
  execute format(
    'select pg_catalog.row_to_json(r) from (select t.*, t.xmin::text from public.%I t where t.id = $1) r', p_table)
  into v_row
  using p_id;
  return v_row;
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
set search_path = ''
as $$
declare
  v_values text := (
    select pg_catalog.string_agg(v.part, ' || ' order by v.place)
    from (
      select
        (u.place - 1) / 50 as place,
        pg_catalog.format('pg_catalog.json_build_array(%s)::text', pg_catalog.string_agg(
          pg_catalog.format(
            case a.atttypid
              when 'numeric'::pg_catalog.regtype then 'pg_catalog.trim_scale(t.%I)'
              when 'json'::pg_catalog.regtype then 't.%I::jsonb'
              else 't.%I'
            end, u.name),
          ', ' order by u.place)) as part
      from unnest(p_columns) with ordinality as u (name, place)
      left join pg_catalog.pg_attribute a
        on a.attrelid = pg_catalog.to_regclass(pg_catalog.format('public.%I', p_table))
        and a.attname = u.name
      group by (u.place - 1) / 50
    ) v
  );
  v_buckets json;
begin
  if not exists (select from centrovision_sync.synced_tables() s where s.table_name = p_table) then
    raise undefined_table;
  end if;
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
            ('x' || pg_catalog.left(pg_catalog.md5(pg_catalog.convert_to(%2$s, 'UTF8')), 15))::bit(60)::bigint as digest
          from unnest($1, $3, $4) as p (prefix, first_id, last_id)
          join public.%1$I t on t.id >= p.first_id and t.id <= p.last_id
        ) r
        group by r.bucket
      ) b
    $sql$, p_table, v_values)
  into v_buckets
  using
    p_prefixes,
    p_digits,
    array(
      select pg_catalog.rpad(p.prefix, 32, '0')::uuid
      from unnest(p_prefixes) with ordinality as p (prefix, place)
      order by p.place),
    array(
      select pg_catalog.rpad(p.prefix, 32, 'f')::uuid
      from unnest(p_prefixes) with ordinality as p (prefix, place)
      order by p.place);
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

-- Nobody but the service's key.
do $$
declare
  routine regprocedure;
begin
  for routine in
    select p.oid
    from pg_proc p
    where p.pronamespace = 'centrovision_sync'::regnamespace
      or p.pronamespace = 'public'::regnamespace
        and p.proname in ('sync_info', 'sync_pull', 'sync_push', 'sync_digest', 'sync_trim')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', routine);
    execute format('grant execute on function %s to service_role', routine);
  end loop;
end
$$;
revoke execute on function centrovision_sync.note_change() from service_role;

notify pgrst, 'reload schema';
commit;
