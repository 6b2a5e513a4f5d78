-- The body of the request that inserts a chunk of new rows.
-- Run by the step 'insert-rows' of the route 'up-insert'.
select sync_new_rows(:#${variable.table}, :#${variable.changes}::json, :#${bean:upChanges.cloudNow}::timestamptz) as body
