-- Compares a page of the cloud's keys with the clinic's.
-- Run by the step 'compare-keys' of the route 'reconcile-keys'.
select *
from sync_compare_keys(
  :#${variable.table},
  :#${variable.comparison.keys}::json,
  :#${variable.comparison.pageIsFull},
  :#${body}::json,
  :#${variable.comparison.clock}::timestamptz,
  :#${variable.comparison.newest}::bigint,
  :#${variable.comparison.whole}
)
