-- The clinic's columns of the synced tables, in the words in which PostgREST tells the cloud's.
-- Run by SchemaCheck; ?: the synced tables.
select
  c.relname as table_name,
  a.attname as column_name,
  format_type(a.atttypid, null) as type,
  a.attnotnull and not a.atthasdef and a.attidentity = '' as demanded,
  exists (
    select
    from pg_index i
    where i.indrelid = c.oid
      and i.indisunique
      and i.indpred is null
      and i.indnkeyatts = 1
      and i.indkey[0] = a.attnum
  ) as is_key
from pg_class c
join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace
  and c.relname = any (string_to_array(?, ','))
  and a.attnum > 0
  and not a.attisdropped
order by c.relname, a.attnum
