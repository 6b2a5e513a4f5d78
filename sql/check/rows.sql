-- How many rows each synced table has, and by how many the cloud differs while changes wait.
-- Run by RowsCheck; ?: the synced tables.
select
  m.table_name,
  m.loaded_at is not null as loaded,
  sync_count(m.table_name) as rows,
  coalesce(w.added, 0) as added,
  coalesce(w.deleted, 0) as deleted,
  (
    select count(*)
    from _sync_quarantine q
    where q.table_name = m.table_name
      and q.direction = 'DOWN'
  ) as refused
from _sync_metadata m
left join (
  select
    n.table_name,
    count(*) filter (where n.is_new and not n.is_deleted) as added,
    count(*) filter (where n.is_deleted and not n.is_new) as deleted
  from (
    select
      p.table_name,
      (array_agg(p.base is null order by p.id))[1] as is_new,
      (array_agg(p.operation order by p.id desc))[1] = 'DELETE' as is_deleted
    from _sync_pending p
    where not p.synced
    group by p.table_name, p.record_id
  ) n
  group by n.table_name
) w using (table_name)
where m.active
  and m.direction = 'both'
  and m.table_name = any (string_to_array(?, ','))
order by m.table_name
