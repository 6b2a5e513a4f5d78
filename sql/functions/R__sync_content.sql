-- What two versions of a row are compared by: their columns in the clinic's own types, one text for one value.
-- Run by Flyway at init; called wherever the cloud's row, a base and a captured change meet.
create or replace function sync_unsent_columns(p_table text)
returns text[]
language sql
stable
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(a.attname::text), '{}')
  from _sync_metadata m
  join pg_attribute a on a.attrelid = format('public.%I', m.table_name)::regclass
  where m.table_name = p_table
    and a.attnum > 0
    and not a.attisdropped
    and (
      a.attgenerated <> ''
      or a.attidentity <> ''
      or a.attname = any (m.derived_columns)
      or a.attname <> all (m.cloud_columns)
    )
$$;

-- The columns that are sent and compared; the stamp is neither.
create or replace function sync_sent_columns(p_table text)
returns text[]
language sql
stable
set search_path = public, pg_temp
as $$
  select array_agg(a.attname::text order by a.attname)
  from (select sync_unsent_columns(p_table) as names offset 0) u -- asked once, not for each column
  join pg_attribute a on a.attname <> all (u.names)
  where a.attrelid = format('public.%I', p_table)::regclass
    and a.attnum > 0
    and not a.attisdropped
    and a.attname <> 'updated_at'
$$;

-- Content of a row: all that is sent, without the stamp. NULL stays NULL (an absent row).
create or replace function sync_content(p_table text, p_row jsonb, p_unsent text[])
returns jsonb
language sql
stable
set search_path = public, pg_temp
as $$
  select sync_clinic_row(p_table, p_row, null) - (p_unsent || 'updated_at'::text)
$$;

-- The same of many rows in one statement.
create or replace function sync_contents(p_table text, p_rows jsonb[], p_unsent text[])
returns jsonb[]
language plpgsql
stable
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_contents jsonb[];
begin
  execute format(
    $sql$
      select array_agg(
        case when u.row is not null then to_jsonb(jsonb_populate_record(null::public.%I, u.row)) - $2 end
        order by u.place)
      from unnest($1) with ordinality as u (row, place)
    $sql$, p_table)
  into v_contents
  using p_rows, p_unsent || 'updated_at'::text;
  return v_contents;
end
$$;

-- A row of the cloud as the clinic would capture it: its columns in the clinic's types over those that only the
-- clinic has. NULL stays NULL (no row).
create or replace function sync_clinic_row(p_table text, p_row jsonb, p_under jsonb)
returns jsonb
language plpgsql
stable
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_row jsonb;
begin
  if p_row is null then
    return null;
  end if;
  execute format('select to_jsonb(jsonb_populate_record(null::public.%I, $1))', p_table)
  into v_row
  using coalesce(p_under, '{}') || p_row;
  return v_row;
end
$$;

-- Which of these rows hold something else in the clinic, though their stamps may be the same. What the clinic's database
-- generates is its own.
create or replace function sync_differing(p_table text, p_rows json, p_ids uuid[])
returns uuid[]
language plpgsql
stable
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
  v_differing uuid[];
begin
  if cardinality(p_ids) = 0 then
    return '{}';
  end if;
  execute format(
    $sql$
      select coalesce(array_agg(t.id), '{}')
      from json_array_elements($1) e
      join public.%1$I t on t.id = (e ->> 'id')::uuid
      where t.id = any ($2)
        and to_jsonb(jsonb_populate_record(null::public.%1$I, to_jsonb(t) || e::jsonb)) - $3
          is distinct from to_jsonb(t) - $3
    $sql$, p_table)
  into v_differing
  using p_rows, p_ids, sync_generated_columns(p_table);
  return v_differing;
exception
  when others then
    if not sync_is_of_the_row(sqlstate) then
      raise;
    end if;
    -- A value does not fit the clinic's types: the write finds out whose.
    return p_ids;
end
$$;

create or replace function sync_generated_columns(p_table text)
returns text[]
language sql
stable
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(a.attname::text), '{}')
  from pg_attribute a
  where a.attrelid = format('public.%I', p_table)::regclass
    and a.attnum > 0
    and a.attgenerated <> ''
    and not a.attisdropped
$$;
