-- The tables whose rows are to be counted or compared now.
-- Run by the step 'reconcile-tables' of the route 'reconcile'.
select t as table_name
from sync_tables_to_look_at(:#${bean:comparisons.night}::timestamptz) t
