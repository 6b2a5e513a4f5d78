-- The changes that a refused row can only be sent together with, if it has such.
-- Run by the step 'circle-changes' of the route 'up-circle'.
select *
from sync_circle_changes(:#${variable.table}, :#${variable.ids}::text, :#${variable.code})
