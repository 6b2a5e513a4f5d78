-- Applies one chunk of a page with its cursor, counters and log, in one transaction.
-- Run by the step 'upsert' of every table's down route.
select *
from sync_apply_chunk(
  :#${variable.table},
  :#${variable.stream.kind},
  :#${body.rows}::json,
  :#${variable.stream.clock}::timestamptz,
  :#${variable.stream.cloudNow}::timestamptz,
  :#${body.ids}::uuid[],
  :#${body.stamps}::timestamptz[],
  :#${body.columns}::text[],
  :#${variable.stream.part}::uuid,
  string_to_array(nullif(:#${variable.stream.bounds}, ''), ',')::uuid[]
)
