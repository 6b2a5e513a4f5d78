-- Takes the answer to changes that were sent unread apart: confirms what is done, and returns what is left to handle.
-- Run by the step 'unread-confirm' of the route 'up-unread'.
select *
from sync_confirm_unread(:#${variable.table}, :#${variable.changes}::json, :#${body}::json)
