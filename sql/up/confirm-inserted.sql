-- Confirms the new rows that the cloud returned; those that it has already are to be compared, some at a time.
-- Run by the step 'insert-confirm' of the route 'up-insert'.
select *
from sync_confirm_inserted(:#${variable.table}, :#${variable.changes}::json, :#${body}::json)
