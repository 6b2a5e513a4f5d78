-- Whether the backup of the last night is still to be made.
-- Run by the step 'backup-is-due' of the route 'backup'.
select sync_backup_is_due(:#${variable.night}::timestamptz)
