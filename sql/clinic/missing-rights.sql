-- What the service's user may not do in this database, and for each the statement that lets it; nothing is changed.
-- Run by Rights at every start and by `check`, before the control tables are there; ?: synced tables, own relations and functions.
with given as (
  select
    string_to_array(?, ',') as tables,
    string_to_array(?, ',') as relations,
    string_to_array(?, ',') as functions,
    '"' || replace(current_user, '"', '""') || '"' as service
),
public_relation as (
  select c.oid, c.relname::text as name, c.relkind, c.relowner, format('public.%I', c.relname) as place
  from pg_class c
  where c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p', 'v')
),
missing as (
  select 1 as rank, null as table_name, format('GRANT %s ON SCHEMA public TO %s;', string_agg(p.name, ', '), g.service) as statement
  from given g
  cross join unnest(array['CREATE', 'USAGE']) as p (name)
  where not has_schema_privilege('public', p.name)
  group by g.service
  union all
  select
    2,
    null,
    format('ALTER %s %s OWNER TO %s;', case r.relkind when 'v' then 'VIEW' else 'TABLE' end, r.place, g.service)
  from given g
  join public_relation r on r.name = any (g.relations)
  where not pg_has_role(r.relowner, 'USAGE')
  union all
  select
    3,
    null,
    format('ALTER FUNCTION public.%I(%s) OWNER TO %s;', f.proname, pg_get_function_identity_arguments(f.oid), g.service)
  from given g
  join pg_proc f on f.proname = any (g.functions)
  where f.pronamespace = 'public'::regnamespace
    and not pg_has_role(f.proowner, 'USAGE')
  union all
  select 4, r.name, format('GRANT %s ON TABLE %s TO %s;', string_agg(p.name, ', ' order by p.place), r.place, g.service)
  from given g
  join public_relation r on r.name = any (g.tables)
  cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRIGGER']) with ordinality as p (name, place)
  where not has_table_privilege(r.oid, p.name)
  group by r.name, r.place, g.service
  union all
  select 5, r.name, format('GRANT USAGE ON SEQUENCE %s.%I TO %s;', s.relnamespace::regnamespace, s.relname, g.service)
  from given g
  join public_relation r on r.name = any (g.tables)
  join pg_attrdef d on d.adrelid = r.oid
  join pg_depend u on u.classid = 'pg_attrdef'::regclass and u.objid = d.oid and u.refclassid = 'pg_class'::regclass
  join pg_class s on s.oid = u.refobjid
  where case when s.relkind = 'S' then not has_sequence_privilege(s.oid, 'USAGE') end
  union all
  select 6, case when r.name = any (g.tables) then r.name end, format('ALTER ROLE %s BYPASSRLS; -- row level security hides rows from it', g.service)
  from given g
  join public_relation r on r.name = any (g.tables || g.relations)
  where row_security_active(r.oid)
)
select m.table_name, m.statement
from missing m
order by m.rank, m.table_name, m.statement
