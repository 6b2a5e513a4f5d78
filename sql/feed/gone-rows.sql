-- The rows of a table to ask about once more and to delete, within the limits.
-- Run by the step 'gone-rows' of the route 'feed-gone'.
select *
from sync_gone_rows(:#${variable.table}, :#${bean:comparisons.maxDeleteRows}, :#${bean:comparisons.maxDeletePercent})
