-- The tables of the clinic that a table's rows refer to.
-- Run by TableSurvey; ?: the table.
select distinct p.relname as parent
from pg_constraint c
join pg_class p on p.oid = c.confrelid
where c.contype = 'f'
  and c.conrelid = to_regclass(format('public.%I', ?::text))
  and c.confrelid <> c.conrelid
  and p.relnamespace = 'public'::regnamespace
order by p.relname
