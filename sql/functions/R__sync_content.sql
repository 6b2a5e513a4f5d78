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

-- Content of a row: all that is sent, without the stamp. NULL stays NULL (an absent row).
create or replace function sync_content(p_table text, p_row jsonb, p_unsent text[])
returns jsonb
language sql
stable
set search_path = public, pg_temp
as $$
  select sync_clinic_row(p_table, p_row, null) - (p_unsent || 'updated_at'::text)
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
