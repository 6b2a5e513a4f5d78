-- Notes that a channel sent a message.
-- Run by the step 'sent' of the routes 'alert-queue-<channel>'.
select sync_delivery_sent(:#${variable.delivery}::bigint, :#${variable.stage}, clock_timestamp())::text
