-- Whether every table has completed a pass without an error since the last signal.
-- Run by the step 'good-pass' of the route 'alerts-signal'.
select sync_good_pass(:#${bean:signal.lastSent}::timestamptz) as at
