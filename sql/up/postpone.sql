-- Puts changes off without counting a try.
-- Run by the failure rules of the up routes.
select sync_postpone(:#${variable.table}, :#${variable.ids}::text, :#${bean:upChanges.delaySeconds}::numeric)::text
