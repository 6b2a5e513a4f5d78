-- The requests that send a chunk of changes with the digests of the rows that they were made on.
-- Run by the step 'push-requests' of the route 'up-push'.
select *
from sync_push_unread(:#${variable.table}, :#${variable.changes}::json, :#${bean:upChanges.cloudNow}::timestamptz)
