-- A page of the clinic's keys, read before the cloud's.
-- Run by the step 'clinic-keys' of the route 'reconcile-keys'.
select *
from sync_clinic_keys(
  :#${variable.table},
  :#${variable.comparison.ids},
  :#${variable.comparison.after},
  :#${variable.comparison.pageRows}
)
