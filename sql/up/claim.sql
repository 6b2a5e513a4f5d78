-- The oldest pending changes as chunks of net changes, parents before children.
-- Polled by the route 'up'; the rows are zero while the cloud cannot be worked with.
select *
from sync_claim(
  :#${bean:upChanges.rows},
  :#${bean:upChanges.chunkRows},
  :#${bean:upChanges.bulk},
  :#${bean:cloudFunctions.names}
)
