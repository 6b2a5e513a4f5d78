-- What waits for a person: rows set aside, changes held, comparisons that stopped, passes that failed.
-- Run by LeftoversCheck.
select
  m.table_name,
  (select count(*) from _sync_quarantine q where q.table_name = m.table_name and q.given_up_at is null)
    as quarantine,
  (select count(*) from _sync_pending p where p.table_name = m.table_name and not p.synced and p.conflict_id is not null)
    as held,
  m.guard,
  coalesce(m.guard_rows, 0) as guard_rows,
  case when m.active then m.last_error end as last_error
from _sync_metadata m
order by m.table_name
