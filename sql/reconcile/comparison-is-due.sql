-- Whether a table's keys are to be compared whatever the counts are.
-- Run by the step 'reconcile-is-due' of the route 'reconcile-table'.
select sync_comparison_is_due(:#${variable.table}, :#${bean:comparisons.night}::timestamptz)
