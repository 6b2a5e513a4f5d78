-- The tables whose triggers are missing or disabled, and which of them.
-- Run by TriggersCheck; ?: the synced tables.
select t.name as table_name, string_agg(w.name, ', ' order by w.name) as triggers
from unnest(string_to_array(?, ',')) as t (name)
join pg_class c on c.relname = t.name and c.relnamespace = 'public'::regnamespace
cross join lateral (
  values ('sync_changes_' || t.name, 'log_local_changes'), ('sync_no_truncate_' || t.name, 'sync_refuse_truncate')
) as w (name, function)
where not exists (
  select
  from pg_trigger g
  join pg_proc f on f.oid = g.tgfoid
  where g.tgrelid = c.oid
    and g.tgname = w.name::name
    and g.tgenabled in ('O', 'A')
    and f.proname = w.function
)
group by t.name
order by t.name
