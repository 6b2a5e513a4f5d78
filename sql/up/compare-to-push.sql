-- Compares a chunk of changes with the cloud's current rows: the request that sends what differs, or conflicts.
-- Run by the step 'compared-parcels' of the route 'up-compared'.
select *
from sync_compare_to_push(
  :#${variable.table},
  :#${variable.changes}::json,
  :#${body}::json,
  :#${header.Content-Range},
  :#${bean:upChanges.cloudNow}::timestamptz
)
