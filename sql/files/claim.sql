-- The file whose turn it is, and what is to be done about it.
-- Run by the step 'file-claim' of the route 'file-work'.
select id::text as id, work, size
from sync_claim_file(:#${variable.most}::bigint, :#${variable.replaced}::integer, :#${variable.lane}::uuid)
