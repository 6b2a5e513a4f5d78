-- Takes the work that another process has asked of this service, oldest first.
-- Polled by the route 'requests'.
update _sync_request
set taken_at = now()
where id in (
  select id
  from _sync_request
  where taken_at is null
  order by id
  limit 1
  for update skip locked
)
returning id, kind, array_to_string(accept_deletes, ',') as accept_deletes
