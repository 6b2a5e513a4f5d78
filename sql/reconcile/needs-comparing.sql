-- Whether a table's keys are to be compared, given the cloud's exact count.
-- Run by the step 'needs' of the route 'reconcile-count'.
select sync_needs_comparing(:#${variable.table}, :#${header.Content-Range}, :#${variable.thorough})
