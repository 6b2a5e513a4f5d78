-- Decides what a comparison's findings allow: deletions, or the guard of the table.
-- Run by the step 'decide' of the route 'reconcile-keys'.
select *
from sync_end_comparison(
  :#${variable.table},
  :#${variable.comparison.rowsSeen},
  :#${variable.comparison.newest}::bigint,
  :#${bean:comparisons.night}::timestamptz,
  :#${variable.comparison.accepted},
  :#${bean:comparisons.maxDeleteRows},
  :#${bean:comparisons.maxDeletePercent}
)
