-- Confirms the changes that the cloud returned; the rest met another version of their rows.
-- Run by the step 'confirm' of the route 'up-singly'.
select record_id
from sync_confirm_returned(:#${variable.table}, :#${variable.changes}::json, :#${body}::json)
