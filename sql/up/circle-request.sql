-- The request that sends changes as one transaction, given the cloud's current rows of their table.
-- Run by the step 'circle-request' of the route 'up-circle'.
select sync_circle_request(
  :#${variable.table},
  :#${variable.changes}::json,
  :#${body}::json,
  :#${bean:upChanges.cloudNow}::timestamptz
) as request
