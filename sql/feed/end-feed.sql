-- Notes that the feed was read to its end.
-- Run by the step 'feed-end' of the route 'feed'.
select sync_end_feed(:#${bean:feedPasses.overlapSeconds})::text
