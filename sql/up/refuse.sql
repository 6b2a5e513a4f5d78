-- Notes that the cloud refused changes: smaller chunks, a later attempt, or the quarantine.
-- Run by the step 'refuse' of the route 'up-refused'.
select sync_refuse(
  :#${variable.table},
  :#${variable.ids}::text,
  :#${variable.code},
  :#${bean:upChanges.attempts},
  :#${bean:upChanges.delaySeconds}::numeric,
  :#${variable.rule},
  :#${variable.column}
)
