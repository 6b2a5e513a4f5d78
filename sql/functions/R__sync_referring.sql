-- What a delete of the clinic would take along in the cloud, by a cascade there, though the clinic did not delete it.
-- Run by Flyway at init; called by sync_claim and by the routes 'up-referred' and 'up-referring'.
--
-- The synced columns that refer to rows of a table and that lose their row, or their value, with it; as far as the cloud has
-- them.
create or replace function sync_referring(p_table text)
returns table (table_name text, column_name text)
language sql
stable
set search_path = public, pg_temp
as $$
  select r.table_name, r.column_name
  from _sync_reference r
  join _sync_metadata m on m.table_name = r.table_name
  where r.parent_table = p_table
    and r.is_taken_along
    and m.active
    and r.column_name = any (m.cloud_columns)
$$;

-- What the cloud's rows that refer by one of these columns to rows that are to be deleted say about those, as
-- [{id, verdict}]: 'waits' where changes of their own go first; 'refused' where such a change does not get through, or is a
-- person's to decide about; 'needed' where the clinic has none.
--
-- p_rows: [{id, parent}] by parent; p_range: the Content-Range with the exact count. An answer that was cut short says nothing
-- about what is behind its last row: that waits.
create or replace function sync_referred(p_table text, p_changes json, p_referring text, p_rows json, p_range text)
returns text
language sql
stable
set search_path = public, pg_temp
as $$
  with
  said as (
    select
      r.parent as id,
      case
        when count(p.id) = 0 then 'needed'
        when bool_or(p.retry_count > 0 or p.waits_id is not null or p.conflict_id is not null) then 'refused'
        else 'waits'
      end as verdict
    from json_to_recordset(p_rows) as r (id uuid, parent uuid)
    left join _sync_pending p on p.table_name = p_referring and p.record_id = r.id and not p.synced
    where (p_referring, r.id) <> (p_table, r.parent)
    group by r.parent, r.id
    union all
    select (c ->> 'id')::uuid, 'waits'
    from json_array_elements(p_changes) c
    where (split_part(p_range, '/', 2)::bigint <= json_array_length(p_rows)) is not true
      and ((p_rows -> -1 ->> 'parent')::uuid > (c ->> 'id')::uuid) is not true
  )
  select coalesce(json_agg(s), '[]')::text
  from said s
$$;

-- What to send of a compared chunk of deletes, as sync_compare tells, where no row of the cloud speaks against it (p_referred:
-- an array of what sync_referred said). 'needed': the cloud's version stands; 'refused': a later try may find it so.
create or replace function sync_compare_referred(
  p_table text,
  p_changes json,
  p_current json,
  p_range text,
  p_cloud_now timestamptz,
  p_referred json
)
returns table (record_id uuid, action text, query text, body text, change text)
language sql
set search_path = public, pg_temp
as $$
  with
  -- 'needed' goes before 'refused' and that before 'waits'.
  said as materialized (
    select (s ->> 'id')::uuid as id, min(s ->> 'verdict') as verdict
    from json_array_elements(p_referred) a
    cross join json_array_elements(a) s
    group by 1
  ),
  -- One that the clinic has made again since is no delete: sent by itself it would be one all the same.
  made_again as materialized (
    select p.record_id, bool_and(p.singly) as is_sent_singly
    from said s
    join _sync_pending p on p.table_name = p_table and p.record_id = s.id and not p.synced
    group by p.record_id
    having (array_agg(p.operation order by p.id desc))[1] <> 'DELETE'
  )
  select
    c.record_id,
    case
      when c.action <> 'send' or s.verdict is null then c.action
      when m.is_sent_singly then 'refused'
      when m.record_id is not null then 'waits'
      else s.verdict
    end,
    c.query,
    c.body,
    c.change
  from sync_compare(p_table, p_changes, p_current, p_range, p_cloud_now) c
  left join said s on s.id = c.record_id
  left join made_again m on m.record_id = c.record_id
$$;
