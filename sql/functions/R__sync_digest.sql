-- A table of the clinic in a few numbers, the same that sync_digest of sql/cloud answers about the cloud's: where they are
-- equal, so are the rows. Run by Flyway at init; called by `verify`, by comparisons and by the way up.

-- What is compared: the columns that both sides have. What the clinic's database generates is its own.
create or replace function sync_digest_columns(p_table text, p_cloud_columns text[])
returns text[]
language sql
stable
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(a.attname::text order by a.attname), '{}')
  from pg_attribute a
  where a.attrelid = format('public.%I', p_table)::regclass
    and a.attnum > 0
    and not a.attisdropped
    and a.attname = any (p_cloud_columns)
    and a.attname <> all (sync_generated_columns(p_table))
$$;

-- The expression for a value's text as JSON tells it. Where a cast to text tells the same, or as certainly, it is much cheaper.
create or replace function sync_digest_text(p_column text, p_type oid)
returns text
language sql
stable
as $$
  select format(
    case
      when p_type = any ('{text,varchar,uuid,boolean,smallint,integer,bigint,date,timestamptz,bytea}'::regtype[])
        then 't.%I::text'
      when p_type = 'numeric'::regtype then 'trim_scale(t.%I)::text'
      when p_type = 'jsonb'::regtype then 'nullif(t.%I::text, ''null'')'
      when p_type = 'json'::regtype then 'nullif(t.%I::jsonb::text, ''null'')'
      else '(to_json(t.%I) #>> ''{}'')'
    end, p_column)
$$;

-- The expression for the digest of a row t: of the texts of its values, as JSON tells them, which are the same on both
-- sides; JSON's own null is none. They are put together as PostgreSQL sends an array, each with its length: two values
-- never look like others.
create or replace function sync_digest_of(p_table text, p_columns text[])
returns text
language sql
stable
set search_path = public, pg_temp
as $$
  select format('md5(array_send(array[%s]))', string_agg(sync_digest_text(u.name, a.atttypid), ', ' order by u.place))
  from unnest(p_columns) with ordinality as u (name, place)
  left join pg_attribute a
    on a.attrelid = to_regclass(format('public.%I', p_table))
    and a.attname = u.name
$$;

-- The expression for the digest of the same columns of a row that was captured, c.base. Most values have in JSON the text that
-- they have by themselves; the others need their types: typed is what c.base is to be taken apart into, as t, for them. plain:
-- the columns of which one text is one value, as it is not in JSON itself (1 and "1").
drop function if exists sync_digests(text, text[], jsonb[]);
create or replace function sync_captured_digest_of(
  p_table text,
  p_columns text[],
  out digest text,
  out typed text,
  out plain text[]
)
language sql
stable
set search_path = public, pg_temp
as $$
  select
    format('md5(array_send(array[%s]))', string_agg(
      case
        when n.in_json then format('c.base ->> %L', n.name)
        when n.is_json then format('nullif((c.base -> %L)::text, ''null'')', n.name)
        else sync_digest_text(n.name, n.type)
      end, ', ' order by n.place)),
    string_agg(
      format('%I %s', n.name, format_type(n.type, n.type_modifier)), ', ') filter (where not n.in_json and not n.is_json),
    coalesce(array_agg(n.name) filter (where n.in_json or n.type in ('timestamptz'::regtype, 'numeric'::regtype)), '{}')
  from (
    select
      u.name,
      u.place,
      a.atttypid as type,
      a.atttypmod as type_modifier,
      a.atttypid = any ('{text,varchar,uuid,boolean,smallint,integer,bigint,date,bytea}'::regtype[]) as in_json,
      a.atttypid in ('json'::regtype, 'jsonb'::regtype) as is_json
    from unnest(p_columns) with ordinality as u (name, place)
    join pg_attribute a
      on a.attrelid = format('public.%I', p_table)::regclass
      and a.attname = u.name
  ) n
$$;

-- The rows are put into buckets by the first hex digits of their ids; each bucket has a count and a sum of its rows' digests.
-- p_prefixes: the buckets to look into. p_digits: how many digits longer the buckets of the answer are; 0: the rows themselves.
-- Where the types of both sides differ and a value has not the same text, the rows are compared one by one.
create or replace function sync_digest(p_table text, p_columns text[], p_prefixes text[], p_digits integer)
returns json
language plpgsql
stable
set search_path = public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
set client_encoding = 'UTF8'
as $$
declare
  v_digest text := sync_digest_of(p_table, p_columns);
  v_prefixes text[];
  v_first_ids uuid[];
  v_last_ids uuid[];
  v_buckets json;
begin
  -- Neighbours are one range: a table whose ids are random is read once.
  select
    array_agg(r.prefix),
    array_agg(rpad(r.prefix, 32, '0')::uuid),
    array_agg(rpad(r.last_prefix, 32, 'f')::uuid)
  into v_prefixes, v_first_ids, v_last_ids
  from (
    select min(s.prefix collate "C") as prefix, max(s.prefix collate "C") as last_prefix
    from (
      select
        p.prefix,
        length(p.prefix) as digits,
        left(p.prefix, -1) as parent,
        strpos('0123456789abcdef', right(p.prefix, 1)) - row_number() over (
          partition by length(p.prefix), left(p.prefix, -1)
          order by p.prefix collate "C") as island
      from unnest(p_prefixes) as p (prefix)
    ) s
    group by s.digits, s.parent, s.island
  ) r;
  execute format(
    $sql$
      select coalesce(json_agg(json_build_array(b.bucket, b.rows, b.digest)), '[]')
      from (
        select r.bucket, count(*) as rows, sum(r.digest)::text as digest
        from (
          select
            case when $2 = 0 then t.id::text else left(replace(t.id::text, '-', ''), length(p.prefix) + $2) end as bucket,
            ('x' || left(%2$s, 15))::bit(60)::bigint as digest
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
