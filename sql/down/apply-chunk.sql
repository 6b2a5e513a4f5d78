-- Applies one chunk of a page with its cursor, counters and log, in one transaction.
-- Run by the step 'upsert' of every table's down route.
select *
from sync_apply_chunk(
  :#${variable.table},
  :#${variable.pass.kind},
  :#${body.rows}::json,
  :#${variable.pass.clock}::timestamptz,
  :#${variable.pass.cloudNow}::timestamptz,
  :#${body.ids}::uuid[],
  :#${body.stamps}::timestamptz[],
  :#${body.columns}::text[]
)
