-- How many rows each synced table has, and by how many the cloud differs while changes wait.
-- Run by RowsCheck; ?: the synced tables.
select
  m.table_name,
  m.loaded_at is not null as loaded,
  sync_count(m.table_name) as rows,
  w.added,
  w.deleted,
  (
    select count(*)
    from _sync_quarantine q
    where q.table_name = m.table_name
      and q.direction = 'DOWN'
  ) as refused
from _sync_metadata m
cross join lateral sync_unsent_rows(m.table_name) w
where m.active
  and m.direction = 'both'
  and m.table_name = any (string_to_array(?, ','))
order by m.table_name
