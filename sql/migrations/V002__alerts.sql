-- What the clinic's people are told: each problem from its beginning to its end, and its messages on their way.
-- Run once by Flyway at init.
alter table _sync_metadata
  add column errors_in_row integer not null default 0,
  add column failing_since timestamptz;

-- One open row for each key. noticed_at and seen_at: the first and the last time that somebody looked and it was there;
-- raised_at is empty until it has lasted long enough to be told.
create table if not exists _sync_alert (
  id bigserial primary key,
  key text not null,
  kind text not null,
  severity text not null,
  table_name text,
  numbers jsonb not null default '{}',
  since timestamptz not null,
  noticed_at timestamptz not null,
  seen_at timestamptz not null,
  raised_at timestamptz,
  reminded_at timestamptz,
  solved_at timestamptz
);

create unique index idx_sync_alert_open on _sync_alert (key) where solved_at is null;
create index idx_sync_alert_solved on _sync_alert (key, solved_at) where solved_at is not null;

-- One message of an alert over one channel. stage: raised, reminder, solved, or passed where it was solved before anything
-- could be sent.
create table if not exists _sync_alert_delivery (
  id bigserial primary key,
  alert_id bigint not null references _sync_alert (id) on delete cascade,
  channel text not null,
  stage text not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  tried_at timestamptz,
  next_attempt_at timestamptz not null,
  sent_at timestamptz,
  given_up_at timestamptz,
  error text
);

create index idx_sync_alert_delivery_alert on _sync_alert_delivery (alert_id);
create index idx_sync_alert_delivery_waiting on _sync_alert_delivery (channel, next_attempt_at)
where sent_at is null and given_up_at is null;

-- How far events were told.
create table if not exists _sync_alert_mark (
  kind text primary key,
  mark text not null
);

insert into _sync_alert_mark (kind, mark)
select 'conflicts', coalesce(max(id), 0)::text
from _conflicts
union all
select 'takeover', coalesce((select taken_over_at::text from _sync_service), '');

create index idx_sync_log_backup on _sync_log (id) where direction = 'BACKUP';
