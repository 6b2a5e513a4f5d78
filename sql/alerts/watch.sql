-- What began, goes on for hours, or has ended since the last look; queues the messages about it.
-- Run by the step 'watch-alerts' of the route 'alerts-watch'.
select *
from sync_watch_alerts(:#${variable.facts}::jsonb, clock_timestamp())
