-- Tables with rows that the feed told to be gone in the cloud, or back to an older version.
-- Run by the step 'feed-gone-tables' of the route 'feed'.
select distinct s.table_name
from _sync_suspect s
join _sync_metadata m using (table_name)
where s.kind in ('gone', 'back')
  and m.active
order by s.table_name
