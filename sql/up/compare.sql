-- Compares a chunk of changes with the cloud's current rows: what to send, and how, or a conflict.
-- Run by the steps 'compare' and 'met-compare' of the up routes.
select *
from sync_compare(
  :#${variable.table},
  :#${variable.changes}::json,
  :#${body}::json,
  :#${header.Content-Range},
  :#${bean:upChanges.cloudNow}::timestamptz
)
