-- The columns of the cloud by which rows refer to those of a table and would be lost with them.
-- Run by the step 'referring-columns' of the route 'up-referring'.
select *
from sync_referring(:#${variable.table})
