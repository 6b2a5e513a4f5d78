-- Takes off the list what needs no work, and puts what is needed soon first.
-- Run by the step 'files-settle' of the route 'files-order'.
select sync_settle_files(:#${variable.largest}::bigint, :#${variable.replaced}::integer, string_to_array(:#${variable.lanes}, ',')::uuid[])
