-- What is wrong now, from the control tables and from what only the service knows (p_facts).
-- Run by Flyway at init; called by sync_watch_alerts. Numbers and names of tables only, nothing of a row.
--
-- lasts: how long it must have been there before anybody is told. since is null where only its noticing is known.
create or replace function sync_problems(p_facts jsonb, p_now timestamptz)
returns table (
  key text,
  kind text,
  severity text,
  table_name text,
  numbers jsonb,
  since timestamptz,
  lasts interval
)
language sql
stable
set search_path = public, pg_temp
as $$
  with fact as (
    select
      p_facts ->> 'reason' as reason,
      (p_facts ->> 'reason_since')::timestamptz as reason_since,
      (p_facts ->> 'skew_seconds')::numeric as skew_seconds,
      (p_facts ->> 'free_disk_mb')::numeric as free_disk_mb,
      (p_facts ->> 'errors_in_a_row')::integer as errors_in_a_row,
      make_interval(mins => (p_facts ->> 'no_sync_minutes')::integer) as no_sync,
      (p_facts ->> 'max_pending')::bigint as max_pending,
      (p_facts ->> 'max_skew_seconds')::numeric as max_skew_seconds,
      (p_facts ->> 'min_free_disk_mb')::numeric as min_free_disk_mb,
      make_interval(hours => (p_facts ->> 'backup_hours')::integer) as backup_age
  ),
  open as (
    select a.kind, a.table_name
    from _sync_alert a
    where a.solved_at is null
      and a.raised_at is not null
  ),
  last_sync as (
    select
      greatest(
        max(m.last_sync_from_supabase),
        (
          select max(l.created_at)
          from _sync_log l
          where l.created_at > p_now - f.no_sync
            and l.direction = 'DOWN'
            and l.status = 'SUCCESS'
        )
      ) as at
    from fact f
    left join _sync_metadata m on m.active and m.direction <> 'up'
    group by f.no_sync
    having count(m.id) > 0
  ),
  last_backup as (
    select l.status, l.created_at
    from _sync_log l
    where l.direction = 'BACKUP'
    order by l.id desc
    limit 1
  ),
  -- While the cloud is away, tables fail for its sake: no table is told of that was not told of before.
  by_table as (
    select
      'table-errors' as kind,
      'warning' as severity,
      m.table_name::text,
      m.errors_in_row as count,
      m.failing_since as since
    from _sync_metadata m
    cross join fact f
    where m.active
      and m.errors_in_row >= f.errors_in_a_row
      and (
        f.reason = 'ok'
        or exists (
          select from open o where o.kind = 'table-errors' and (o.table_name is null or o.table_name = m.table_name))
      )
    union all
    select 'quarantine', 'warning', q.table_name, count(*), min(q.first_at)
    from _sync_quarantine q
    where q.given_up_at is null
    group by q.table_name
    union all
    select 'held', 'warning', c.table_name, count(*), min(c.created_at)
    from _conflicts c
    where c.resolved_at is null
    group by c.table_name
    union all
    select m.guard, 'critical', m.table_name, m.guard_rows, null
    from _sync_metadata m
    where m.active
      and m.guard is not null
  ),
  counted as (
    select
      t.*,
      count(*) over (partition by t.kind) > 3
        or exists (select from open o where o.kind = t.kind and o.table_name is null) as is_many
    from by_table t
  )
  select
    c.kind || ':' || c.table_name, c.kind, c.severity, c.table_name,
    jsonb_build_object('count', c.count), c.since, interval '0'
  from counted c
  where not c.is_many
  union all
  -- One cause that meets many tables is one message.
  select
    c.kind, c.kind, max(c.severity), null,
    jsonb_build_object('tables', count(*), 'count', sum(c.count)), min(c.since), interval '0'
  from counted c
  where c.is_many
  group by c.kind
  union all
  select
    'no-sync', 'no-sync', 'critical', null, jsonb_build_object('reason', f.reason), s.at,
    case when s.at is null then f.no_sync else interval '30 seconds' end
  from last_sync s
  cross join fact f
  where (s.at is null or s.at < p_now - f.no_sync)
    and f.reason <> 'unauthorized'
  union all
  select 'key', 'key', 'critical', null, '{}', f.reason_since, interval '20 seconds'
  from fact f
  where f.reason = 'unauthorized'
  union all
  select 'pending', 'pending', 'warning', null, jsonb_build_object('count', count(*)), null, interval '1 minute'
  from _sync_pending p
  cross join fact f
  where p.synced = false
  group by f.max_pending
  having count(*) > f.max_pending
  union all
  select
    'skew', 'skew', 'warning', null, jsonb_build_object('seconds', round(f.skew_seconds)), null, interval '1 minute'
  from fact f
  where abs(f.skew_seconds) > f.max_skew_seconds
  union all
  select
    'disk', 'disk', 'critical', null,
    jsonb_build_object('free_mb', f.free_disk_mb, 'min_mb', f.min_free_disk_mb), null, interval '1 minute'
  from fact f
  where f.free_disk_mb < f.min_free_disk_mb
    * case when exists (select from open o where o.kind = 'disk') then 1.1 else 1 end
  union all
  select
    'files-gone', 'files-gone', 'critical', null, jsonb_build_object('count', sum(b.guard_rows)), null, interval '0'
  from _sync_buckets b
  having sum(b.guard_rows) > 0
  union all
  select
    'files-changed', 'files-changed', 'critical', null, jsonb_build_object('count', sum(b.changed_rows)), null, interval '0'
  from _sync_buckets b
  having sum(b.changed_rows) > 0
  union all
  select
    'files-folder', 'files-folder', 'critical', null, jsonb_build_object('code', min(b.folder_error)), null,
    interval '1 minute'
  from _sync_buckets b
  having count(b.folder_error) > 0
  union all
  -- What the storage said; the words of an outage are written small.
  select
    'files-bucket', 'files-bucket', 'warning', null, jsonb_build_object('count', count(*)), null, interval '1 minute'
  from _sync_buckets b
  where b.last_error ~ '[A-Z]'
  having count(*) > 0
  union all
  select
    'files-refused', 'files-refused', 'warning', null, jsonb_build_object('count', sum(r.files)), min(r.failed_at),
    interval '0'
  from (
    select 1 as files, w.failed_at
    from _sync_file_work w
    where w.code = 'too-large'
      or w.attempts >= 5
      -- The storage answers for all others.
      or w.silences >= 20 and exists (select from _sync_buckets b where b.bucket = w.bucket and b.last_error is null)
    union all
    select b.left_out, b.looked_at
    from _sync_buckets b
    where b.left_out > 0
  ) r
  having sum(r.files) > 0
  union all
  select 'backup', 'backup', 'critical', null, '{}', b.created_at, interval '0'
  from last_backup b
  where lower(b.status) = 'error'
  union all
  select k.kind, k.kind, 'critical', null, '{}', b.created_at, interval '0'
  from last_backup b
  join (values ('partial', 'backup-copy'), ('unproved', 'backup-unproved')) as k (status, kind) on k.status = lower(b.status)
  union all
  -- Where there never was one, it is noticed from the first look on.
  select
    'backup-old', 'backup-old', 'critical', null, jsonb_build_object('count', extract(epoch from f.backup_age)::bigint / 3600),
    g.at, case when g.at is null then f.backup_age else interval '1 minute' end
  from fact f
  cross join lateral (
    select max(l.created_at) as at
    from _sync_log l
    where l.direction = 'BACKUP'
      and lower(l.status) in ('success', 'partial')
  ) g
  where f.backup_age is not null
    and coalesce(g.at, '-infinity') < p_now - f.backup_age
$$;
