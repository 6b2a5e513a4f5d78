-- Follows every problem from its beginning to its end and queues what is to be told: once, again after hours, at the end.
-- Run by Flyway at init; called every ten seconds by the route 'alerts-watch', which logs what it returns.
--
-- What comes and goes is not told each time: a problem must last a while, and it must be away for a while to be solved,
-- the longer the more often it came back in the last hours.
create or replace function sync_watch_alerts(p_facts jsonb, p_now timestamptz)
returns table (
  key text,
  kind text,
  severity text,
  table_name text,
  numbers text,
  since timestamptz,
  stage text
)
language plpgsql
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  v_remind_after interval := make_interval(hours => (p_facts ->> 'reminder_hours')::integer);
begin
  -- Never two at a time; the lock ends with the transaction.
  perform pg_advisory_xact_lock(hashtext('sync_watch_alerts'));

  insert into _sync_alert as a (key, kind, severity, table_name, numbers, since, noticed_at, seen_at)
  select p.key, p.kind, p.severity, p.table_name, p.numbers, coalesce(p.since, p_now), p_now, p_now
  from sync_problems(p_facts, p_now) p
  on conflict (key) where solved_at is null do update
  set numbers = excluded.numbers,
      seen_at = excluded.seen_at;

  delete from _sync_alert a
  where a.raised_at is null
    and a.seen_at < p_now;

  perform sync_merge_alerts(p_now);

  return query
  with solved as (
    update _sync_alert a
    set solved_at = p_now
    where a.solved_at is null
      and a.seen_at <= p_now - sync_calm(a.key, p_now)
    returning a.*
  )
  select s.key, s.kind, s.severity, s.table_name, s.numbers::text, s.since, 'solved'
  from solved s
  cross join lateral sync_queue_solved(s.id, s.severity, p_facts, p_now);

  return query
  with raised as (
    update _sync_alert a
    set raised_at = p_now
    from sync_problems(p_facts, p_now) p
    where p.key = a.key
      and a.solved_at is null
      and a.raised_at is null
      and a.noticed_at <= p_now - p.lasts
    returning a.*
  )
  select r.key, r.kind, r.severity, r.table_name, r.numbers::text, r.since, 'raised'
  from raised r
  cross join lateral sync_queue_alert(r.id, r.severity, 'raised', p_facts, p_now);

  return query
  with reminded as (
    update _sync_alert a
    set reminded_at = p_now
    where a.solved_at is null
      and a.seen_at = p_now
      and a.raised_at is not null
      and coalesce(a.reminded_at, a.raised_at) <= p_now - v_remind_after
    returning a.*
  )
  select r.key, r.kind, r.severity, r.table_name, r.numbers::text, r.since, 'reminder'
  from reminded r
  cross join lateral sync_queue_alert(r.id, r.severity, 'reminder', p_facts, p_now);

  return query
  select e.key, e.kind, e.severity, e.table_name, e.numbers::text, e.since, 'raised'
  from sync_events(p_now) e
  cross join lateral sync_queue_alert(e.id, e.severity, 'raised', p_facts, p_now);

  perform sync_hurry_deliveries(p_facts, p_now);
end
$$;

-- Where many tables have become one alert, what was open of single tables ends without a word.
create or replace function sync_merge_alerts(p_now timestamptz)
returns void
language sql
set search_path = public, pg_temp
as $$
  with merged as (
    update _sync_alert a
    set solved_at = p_now
    from _sync_alert m
    where m.key = a.kind
      and m.solved_at is null
      and a.table_name is not null
      and a.solved_at is null
    returning a.id
  )
  delete from _sync_alert_delivery d
  using merged m
  where d.alert_id = m.id
    and d.sent_at is null
$$;

-- How long a problem must have been away before it is called solved.
create or replace function sync_calm(p_key text, p_now timestamptz)
returns interval
language sql
stable
set search_path = public, pg_temp
as $$
  select least(interval '1 hour', interval '2 minutes' * power(2, least(count(*), 10)))
  from _sync_alert a
  where a.key = p_key
    and a.solved_at > p_now - interval '3 hours'
$$;

-- What happened is told once and has no end: conflicts that were decided, together, once an hour at most; a takeover.
create or replace function sync_events(p_now timestamptz)
returns setof _sync_alert
language sql
set search_path = public, pg_temp
as $$
  with conflicts as (
    select
      count(*) as count,
      count(distinct c.table_name) as tables,
      min(c.table_name) as table_name,
      min(c.created_at) as since,
      max(c.id) as mark
    from _conflicts c
    where c.id > (select m.mark::bigint from _sync_alert_mark m where m.kind = 'conflicts')
      and c.resolved_by = 'sync'
  ),
  event as (
    select
      'conflicts' as kind,
      case when c.tables = 1 then c.table_name end as table_name,
      jsonb_build_object('count', c.count, 'tables', c.tables) as numbers,
      c.since,
      c.mark::text as mark
    from conflicts c
    where c.count > 0
      and c.since <= p_now - interval '1 minute'
      and not exists (
        select from _sync_alert a where a.key = 'conflicts' and a.solved_at > p_now - interval '1 hour')
    union all
    select 'takeover', null, '{}', s.taken_over_at, s.taken_over_at::text
    from _sync_service s
    where s.taken_over_at::text <> (select m.mark from _sync_alert_mark m where m.kind = 'takeover')
  ),
  marked as (
    update _sync_alert_mark m
    set mark = e.mark
    from event e
    where m.kind = e.kind
  )
  insert into _sync_alert (
    key, kind, severity, table_name, numbers, since, noticed_at, seen_at, raised_at, solved_at)
  select e.kind, e.kind, 'warning', e.table_name, e.numbers, e.since, p_now, p_now, p_now, p_now
  from event e
  returning *
$$;
