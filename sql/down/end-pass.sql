-- Notes that a table's pass is complete.
-- Run by the step 'metadata' of every table's down route.
select sync_end_pass(
  :#${variable.table},
  :#${variable.pass.loaded},
  :#${variable.pass.visited},
  :#${variable.pass.start}::timestamptz
)::text
