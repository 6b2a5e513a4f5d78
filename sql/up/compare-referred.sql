-- Compares a chunk of deletes with the cloud's current rows, and with what refers to them there.
-- Run by the step 'referred-compare' of the route 'up-referred'.
select *
from sync_compare_referred(
  :#${variable.table},
  :#${variable.changes}::json,
  :#${body}::json,
  :#${variable.range},
  :#${bean:upChanges.cloudNow}::timestamptz,
  :#${variable.referred}::json
)
