-- The next message that a channel has to send.
-- Run by the step 'take' of the routes 'alert-queue-<channel>'.
select *
from sync_take_delivery(:#${variable.channel}, clock_timestamp())
