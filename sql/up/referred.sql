-- What the cloud's rows that refer to rows to be deleted say about those.
-- Run by the step 'referring-say' of the route 'up-referring'.
select sync_referred(
  :#${variable.table},
  :#${variable.changes}::json,
  :#${variable.referring},
  :#${body}::json,
  :#${header.Content-Range}
)
