-- Decides by content what becomes of a net change, given the row that the cloud has now.
-- Run by Flyway at init; called by the up routes and, for one row again, by the conflict handler.
--
-- Returns 'send' (the cloud still has the base), 'done' (it holds our change already, up to p_upto) or 'conflict'.
create or replace function sync_classify(
  p_table text,
  p_change jsonb,
  p_current jsonb,
  p_unsent text[],
  out verdict text,
  out upto bigint
)
language plpgsql
stable
set search_path = public, pg_temp
as $$
declare
  v_base jsonb := sync_content(p_table, nullif(p_change -> 'base', 'null'), p_unsent);
  v_current jsonb := sync_content(p_table, p_current, p_unsent);
  v_last bigint := (p_change -> 'pending' ->> -1)::bigint;
  -- A restored cloud: what stands there in the other columns is no later edit.
  v_is_older boolean := coalesce(sync_is_older(p_current, p_change -> 'base'), false);
  -- The clinic was: what is as it was before may have been changed and changed back since.
  v_has_moved boolean := sync_was_restored(p_change) and not sync_same_stamp(p_current, p_change -> 'base');
  v_state record;
  v_content jsonb;
begin
  if v_current is null and (p_change ->> 'deleted')::boolean then
    verdict := 'done';
    upto := v_last;
    return;
  elsif v_current is not distinct from v_base and not v_has_moved then
    verdict := 'send';
    return;
  end if;

  for v_state in
    select p.id, p.operation = 'DELETE' as absent, p.data, row_number() over (order by p.id desc) = 1 as is_last
    from _sync_pending p
    where p.id in (select e::bigint from jsonb_array_elements_text(p_change -> 'pending') e)
      and not p.synced
    order by p.id desc
  loop
    v_content := case when not v_state.absent then sync_content(p_table, v_state.data, p_unsent) end;
    if v_current is null then
      continue when v_content is not null;
    elsif v_content is null then
      continue;
    elsif v_state.is_last and not v_is_older then
      -- What we sent stands there; other columns may have changed since, and come down.
      continue when exists (
        select
        from jsonb_each(v_content) c
        where c.value is distinct from v_current -> c.key
          and (v_base is null or c.value is distinct from v_base -> c.key)
          and not (v_base is null and c.value = 'null')
      );
    else
      continue when exists (
        select
        from jsonb_each(v_content) c
        where c.value is distinct from v_current -> c.key
          and not (v_base is null and c.value = 'null')
      );
    end if;
    verdict := 'done';
    upto := v_state.id;
    return;
  end loop;

  verdict := 'conflict';
end
$$;

-- Whether a version of a row is older than another one, by their stamps; NULL where one of them has none.
create or replace function sync_is_older(p_row jsonb, p_than jsonb)
returns boolean
language sql
stable
as $$
  select (p_row ->> 'updated_at')::timestamptz < (p_than ->> 'updated_at')::timestamptz
$$;

-- Compares a chunk of updates or deletes with the cloud's current rows. What the cloud holds already is confirmed
-- here; returned is what is left, in its order: 'send', with the columns to set, or 'conflict'.
-- p_range: the answer's Content-Range with the exact count. An answer that the cloud cut short (its rows come by id)
-- says nothing about the rows behind its last one: they wait for the next claim.
create or replace function sync_differences(p_table text, p_changes json, p_current json, p_range text)
returns table (place bigint, verdict text, change json, current json, patch jsonb)
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_unsent text[] := sync_unsent_columns(p_table);
  v_columns text[] := sync_sent_columns(p_table);
  v_last_read uuid := (p_current -> -1 ->> 'id')::uuid;
  v_restored boolean := sync_any_restored();
  v_is_whole boolean := split_part(p_range, '/', 2)::bigint <= json_array_length(p_current);
  v_read_ids uuid[];
  v_read json[];
  v_contents jsonb[];
  v_done_ids uuid[];
  v_done_uptos bigint[];
  v_done_rows json[];
  v_places bigint[];
  v_verdicts text[];
  v_changes json[];
  v_rows json[];
  v_patches jsonb[];
begin
  select
    array_agg((r.row ->> 'id')::uuid order by r.place),
    array_agg(r.row order by r.place),
    sync_contents(p_table, array_agg(r.row::jsonb order by r.place), v_unsent)
  into v_read_ids, v_read, v_contents
  from json_array_elements(p_current) with ordinality as r (row, place);

  with
  claimed as materialized (
    select * from sync_claimed(p_table, p_changes)
  ),
  patch as materialized (
    select u.place, u.patch
    from (
      select
        array_agg(c.place order by c.place) as places,
        sync_patches(
          v_columns, array_agg(c.base order by c.place),
          array_agg(case when not c.deleted then c.data end order by c.place)) as patches
      from claimed c
    ) p
    cross join lateral unnest(p.places, p.patches) as u (place, patch)
  ),
  compared as materialized (
    select c.*, p.patch, r.row, r.content
    from claimed c
    join patch p on p.place = c.place
    left join unnest(v_read_ids, v_read, v_contents) as r (id, row, content) on r.id = c.id
    where v_is_whole
      or c.id <= v_last_read
  ),
  -- The cloud nearly always still has the base; only where it has not, the row is looked at by itself.
  classified as materialized (
    select
      c.*,
      case
        when c.content = c.base - (v_unsent || 'updated_at'::text)
          and not (v_restored and sync_was_restored(c.change::jsonb)) then null
        else (
          select to_json(s)
          from sync_classify(
            p_table,
            jsonb_build_object(
              'id', c.id, 'pending', c.change -> 'pending', 'base', c.base, 'row', c.data, 'deleted', c.deleted),
            c.row::jsonb,
            v_unsent) s
        )
      end as class
    from compared c
  ),
  judged as materialized (
    select
      c.*,
      case
        when coalesce(c.class ->> 'verdict', 'send') <> 'send' then c.class ->> 'verdict'
        when c.row is not null and c.patch = '{}' then 'done'
        else 'send'
      end as verdict
    from classified c
  )
  select
    array_agg(j.id order by j.place) filter (where j.verdict = 'done'),
    array_agg(coalesce((j.class ->> 'upto')::bigint, (j.change -> 'pending' ->> -1)::bigint) order by j.place)
      filter (where j.verdict = 'done'),
    array_agg(j.row order by j.place) filter (where j.verdict = 'done'),
    array_agg(j.place order by j.place) filter (where j.verdict <> 'done'),
    array_agg(j.verdict order by j.place) filter (where j.verdict <> 'done'),
    array_agg(j.change order by j.place) filter (where j.verdict <> 'done'),
    array_agg(j.row order by j.place) filter (where j.verdict <> 'done'),
    array_agg(case when j.verdict = 'send' then j.patch end order by j.place) filter (where j.verdict <> 'done')
  into v_done_ids, v_done_uptos, v_done_rows, v_places, v_verdicts, v_changes, v_rows, v_patches
  from judged j;

  if v_done_ids is not null then
    perform sync_confirm(p_table, v_done_ids, v_done_uptos, v_done_rows);
  end if;
  return query select * from unnest(v_places, v_verdicts, v_changes, v_rows, v_patches);
end
$$;

-- What to send of a compared chunk over plain REST, row by row: 'send' with its query and body, or 'conflict'.
create or replace function sync_compare(
  p_table text,
  p_changes json,
  p_current json,
  p_range text,
  p_cloud_now timestamptz
)
returns table (record_id uuid, action text, query text, body text, change text)
language sql
set search_path = public, pg_temp
as $$
  select
    (d.change ->> 'id')::uuid,
    d.verdict,
    format('id=eq.%s&', d.change ->> 'id') || case
      when d.current ->> 'xmin' is not null
        then 'xmin=eq.' || (d.current ->> 'xmin')
          -- Whoever adds a row that refers to one locks it, which moves its xmax.
          || case when (d.change ->> 'deleted')::boolean then coalesce('&xmax=eq.' || (d.current ->> 'xmax'), '') else '' end
      when d.current ->> 'updated_at' is null then 'updated_at=is.null'
      else 'updated_at=eq.' || replace(d.current ->> 'updated_at', '+', '%2B')
    end,
    coalesce((d.patch || jsonb_build_object('updated_at', p_cloud_now))::text, ''),
    d.change::text
  from sync_differences(p_table, p_changes, p_current, p_range) d
  order by d.place
$$;

-- The expression for what of a row c.row differs from its base c.base, with the new values: the text of a JSON object. Of the
-- columns p_plain texts are compared, which is cheaper than JSON values; one that is null is not one that is lacking.
create or replace function sync_patch_of(p_columns text[], p_plain text[])
returns text
language sql
immutable
as $$
  select format('(''{'' || array_to_string(array[%s]::text[], '','') || ''}'')', string_agg(format(
    case
      when n.name = any (p_plain)
        then 'case when c.row ->> %1$L is distinct from c.base ->> %1$L'
          ' or c.row ->> %1$L is null and (c.base ? %1$L) is not true'
      else 'case when c.row -> %1$L is distinct from c.base -> %1$L'
    end || ' then %2$L || (c.row -> %1$L)::text end',
    n.name, to_json(n.name) || ':'), ', '))
  from unnest(p_columns) n (name)
$$;

-- The same of many rows, as far as it is sent; in their order. NULL for an absent row.
create or replace function sync_patches(p_columns text[], p_bases jsonb[], p_rows jsonb[])
returns jsonb[]
language plpgsql
immutable
as $$
declare
  v_patches jsonb[];
begin
  execute format(
    $sql$
      select array_agg(case when c.row is not null then %s::jsonb end order by c.place)
      from unnest($1, $2) with ordinality as c (base, row, place)
    $sql$, sync_patch_of(p_columns, '{}'))
  into v_patches
  using p_bases, p_rows;
  return v_patches;
end
$$;
