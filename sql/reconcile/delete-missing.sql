-- Deletes the rows that the cloud still does not have.
-- Run by the step 'delete-missing' of the route 'reconcile-missing'.
select sync_delete_missing(
  :#${variable.table},
  :#${variable.ids}::text,
  :#${body}::json,
  :#${header.Content-Range},
  :#${variable.comparison.clock}::timestamptz
)
