-- Takes the answer to pushed changes apart: confirms what is done, and returns what is left to handle row by row.
-- Run by the steps 'push-confirm' and 'circle-confirm' of the routes that push.
select *
from sync_confirm_pushed(:#${variable.table}, :#${variable.changes}::json, :#${body}::json)
