-- Where the feed of the cloud's changes goes on, and for which tables.
-- Run by the step 'feed-start' of the route 'feed'.
select *
from sync_start_feed(:#${bean:feedPasses.fedTables})
