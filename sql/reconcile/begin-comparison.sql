-- Starts a comparison of a table's keys; the columns that the cloud has.
-- Run by the step 'keys-begin' of the route 'reconcile-keys'.
select sync_begin_comparison(:#${variable.table})
