-- Takes the work that another process has asked of this service, oldest first; also what an outage or a death left undone.
-- Polled by the route 'requests', which does one at a time; nobody waits for longer than twelve hours.
update _sync_request
set taken_at = now()
where id in (
  select id
  from _sync_request
  where done_at is null
    and requested_at > now() - interval '12 hours'
  order by id
  limit 1
  for update skip locked
)
returning id, kind, array_to_string(accept_deletes, ',') as accept_deletes
