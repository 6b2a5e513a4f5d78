-- Where the pass over a table starts: first load, cursor, rows to visit again.
-- Run by the step 'start' of every table's down route.
select *
from sync_start_pass(
  :#${variable.table},
  :#${bean:downPasses.cloudNow}::timestamptz,
  :#${bean:downPasses.isFed}
)
