-- Decides a conflict and keeps both versions.
-- Run by the step 'resolve' of the conflict handler.
select sync_resolve(
  :#${variable.table},
  :#${variable.ids}::text::uuid,
  :#${body}::json -> 0,
  :#${bean:upChanges.skewMillis},
  :#${bean:upChanges.attempts},
  :#${bean:upChanges.delaySeconds}::numeric,
  coalesce(:#${variable.verdict}::text = 'needed', false)
)
