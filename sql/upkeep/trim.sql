-- Deletes a batch of what the control tables need no longer.
-- Run by the step 'trim-batch' of the route 'trim' until a batch is empty.
select sync_trim(
  :#${variable.keepSyncedDays}::integer,
  :#${variable.keepLogDays}::integer,
  :#${variable.keepConflictsDays}::integer,
  5000
)
