-- Applies what an answer of the feed tells about one table, a chunk of rows at a time.
-- Run by the step 'feed-apply' of the route 'feed-pull'.
select *
from sync_apply_feed(
  :#${variable.table},
  :#${body.rows}::json,
  :#${body.gone},
  :#${body.emptied},
  :#${variable.feed.clock}::timestamptz,
  :#${variable.feed.now}::timestamptz,
  :#${variable.alone}
)
