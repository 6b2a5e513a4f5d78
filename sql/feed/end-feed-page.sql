-- Notes that all of an answer of the feed is applied.
-- Run by the step 'feed-page-noted' of the route 'feed-pull'.
select *
from sync_end_feed_page(
  :#${variable.feed.cursor},
  :#${variable.feed.beginning},
  :#${bean:feedPasses.fedTables},
  :#${variable.feed.newest}::numeric,
  :#${variable.feed.now}::timestamptz,
  :#${variable.feed.clock}::timestamptz
)
