-- The messages of alerts on their way to each channel: queued, taken one by one, sent or put off.
-- Run by Flyway at init; called by sync_watch_alerts and by the routes 'alert-queue-<channel>'.
create or replace function sync_queue_alert(
  p_alert bigint, p_severity text, p_stage text, p_facts jsonb, p_now timestamptz)
returns void
language sql
set search_path = public, pg_temp
as $$
  insert into _sync_alert_delivery (alert_id, channel, stage, due_at, next_attempt_at)
  select p_alert, c.channel, p_stage, d.due, d.due
  from sync_alert_channels(p_facts, p_severity) c (channel)
  cross join sync_alert_due(p_facts, p_severity, p_now) d (due)
  where not exists (
    select
    from _sync_alert_delivery o
    where o.alert_id = p_alert
      and o.channel = c.channel
      and o.sent_at is null
      and o.given_up_at is null
  )
$$;

-- What has not been sent yet becomes one message that says that there was a problem; who was told of it hears of its end.
create or replace function sync_queue_solved(p_alert bigint, p_severity text, p_facts jsonb, p_now timestamptz)
returns void
language sql
set search_path = public, pg_temp
as $$
  with told as (
    select distinct d.channel
    from _sync_alert_delivery d
    where d.alert_id = p_alert
      and d.sent_at is not null
  ),
  changed as (
    update _sync_alert_delivery d
    set stage = case when exists (select from told t where t.channel = d.channel) then 'solved' else 'passed' end
    where d.alert_id = p_alert
      and d.sent_at is null
      and d.given_up_at is null
    returning d.channel
  )
  insert into _sync_alert_delivery (alert_id, channel, stage, due_at, next_attempt_at)
  select p_alert, t.channel, 'solved', d.due, d.due
  from told t
  cross join sync_alert_due(p_facts, p_severity, p_now) d (due)
  where t.channel not in (select c.channel from changed c)
$$;

-- The channels that want to hear of this severity.
create or replace function sync_alert_channels(p_facts jsonb, p_severity text)
returns setof text
language sql
immutable
set search_path = public, pg_temp
as $$
  select c ->> 'name'
  from jsonb_array_elements(p_facts -> 'channels') c
  where array_position(array['info', 'warning', 'critical'], c ->> 'severity')
    <= array_position(array['info', 'warning', 'critical'], p_severity)
$$;

-- The end of the quiet hours, for all but what is critical.
create or replace function sync_alert_due(p_facts jsonb, p_severity text, p_now timestamptz)
returns timestamptz
language sql
stable
set search_path = public, pg_temp
as $$
  select case
    when p_severity = 'critical' then p_now
    else greatest(p_now, (p_facts ->> 'quiet_until')::timestamptz)
  end
$$;

-- When the line is back, what failed while it was down need not wait any longer; what nobody can send is given up.
create or replace function sync_hurry_deliveries(p_facts jsonb, p_now timestamptz)
returns void
language sql
set search_path = public, pg_temp
as $$
  update _sync_alert_delivery d
  set next_attempt_at = case when d.due_at < p_now - interval '7 days' then d.next_attempt_at else p_now end,
      given_up_at = case when d.due_at < p_now - interval '7 days' then p_now end
  where d.sent_at is null
    and d.given_up_at is null
    and (
      d.due_at < p_now - interval '7 days'
      or p_facts ->> 'reason' in ('ok', 'unauthorized')
        and d.error is not null
        and d.next_attempt_at > p_now
        and d.tried_at < (p_facts ->> 'reason_since')::timestamptz
    )
$$;

-- The channel's next message that is due. Whoever takes it and dies leaves it to be taken again after two minutes.
create or replace function sync_take_delivery(p_channel text, p_now timestamptz)
returns table (
  delivery_id bigint,
  stage text,
  key text,
  kind text,
  severity text,
  table_name text,
  numbers text,
  since timestamptz,
  ended_at timestamptz
)
language sql
set search_path = public, pg_temp
as $$
  with taken as (
    update _sync_alert_delivery d
    set attempts = d.attempts + 1,
        tried_at = p_now,
        next_attempt_at = p_now + interval '2 minutes'
    where d.id = (
      select w.id
      from _sync_alert_delivery w
      where w.channel = p_channel
        and w.sent_at is null
        and w.given_up_at is null
        and w.next_attempt_at <= p_now
      order by w.id
      limit 1
      for update skip locked
    )
    returning d.*
  )
  select
    t.id, t.stage, a.key, a.kind, a.severity, a.table_name, a.numbers::text, a.since,
    case when t.stage in ('solved', 'passed') then a.seen_at end
  from taken t
  join _sync_alert a on a.id = t.alert_id
$$;

-- Notes that a message was sent as p_stage. Where its problem ended while it was on its way, the end is told next.
create or replace function sync_delivery_sent(p_delivery bigint, p_stage text, p_now timestamptz)
returns void
language sql
set search_path = public, pg_temp
as $$
  with old as (
    select d.*
    from _sync_alert_delivery d
    where d.id = p_delivery
    for update
  ),
  sent as (
    update _sync_alert_delivery d
    set sent_at = p_now,
        stage = p_stage,
        error = null
    from old o
    where d.id = o.id
  )
  insert into _sync_alert_delivery (alert_id, channel, stage, due_at, next_attempt_at)
  select o.alert_id, o.channel, 'solved', p_now, p_now
  from old o
  where o.stage <> p_stage
$$;

-- Puts a message off, longer each time; says whether this is news: a channel that worked before, or another reason.
create or replace function sync_delivery_failed(p_delivery bigint, p_error text, p_now timestamptz)
returns boolean
language sql
set search_path = public, pg_temp
as $$
  with old as (
    select
      d.id,
      d.attempts,
      not exists (
        select
        from _sync_alert_delivery o
        where o.channel = d.channel
          and o.sent_at is null
          and o.given_up_at is null
          and o.error = p_error
      ) as is_news
    from _sync_alert_delivery d
    where d.id = p_delivery
  )
  update _sync_alert_delivery d
  set error = p_error,
      next_attempt_at = p_now + interval '1 second'
        * least(900, 15 * power(2, least(o.attempts - 1, 10))) * (0.9 + 0.2 * random())
  from old o
  where d.id = o.id
  returning o.is_news
$$;

-- The channels whose messages do not get through: how many wait, since when, and why.
create or replace view _sync_alert_failing as
select d.channel, count(*) as waiting, min(d.due_at) as since, (array_agg(d.error order by d.tried_at desc))[1] as error
from _sync_alert_delivery d
where d.sent_at is null
  and d.given_up_at is null
  and d.error is not null
group by d.channel;

-- The moment, where since p_since every table has completed a pass without an error; else null.
create or replace function sync_good_pass(p_since timestamptz)
returns text
language sql
stable
set search_path = public, pg_temp
as $$
  select clock_timestamp()::text
  from _sync_metadata m
  where m.active
    and m.direction <> 'up'
  having bool_and(m.last_sync_from_supabase > p_since and m.last_error is null and m.guard is null)
$$;
