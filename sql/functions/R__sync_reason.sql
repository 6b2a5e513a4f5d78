-- Why a row was refused, and what to do about it, in words without any value of it.
-- Run by Flyway at init; called where a row goes to the quarantine.
--
-- p_state: a SQLSTATE, a code of PostgREST or of the sync itself; behind a hyphen, what the sync knows besides.
create or replace function sync_reason(p_state text, p_constraint text, p_column text)
returns text
language sql
immutable
as $$
  select case p_state
      when '23502' then 'a required column is empty: fill it in'
      when '23502-clinic' then
        'a column that only the clinic''s table has is required, and the cloud has no value for it: '
        || 'give the column a default, or let it be empty'
      when '23503' then 'it refers to a row that the other side does not have, or is still referred to there: '
        || 'it goes through when that row has'
      when '23503-circle' then
        'it and another new row refer to each other, and the cloud takes one row at a time, so neither can be first: '
        || 'save one of them without the reference, and add the reference afterwards'
      when '23505' then 'another row already has a value that must be unique: change it in one of the two rows'
      when '23505-circle' then
        'it and another row exchanged a unique value in one step, and the cloud takes one row at a time: '
        || 'give one of them a value that no row has, and the right one afterwards'
      when '23514' then 'a rule of the table forbids a value: correct the row'
      when '23P01' then 'it overlaps with another row, such as a time that is taken: change one of the two'
      when '42501' then 'the key has no right to this table: grant it to the role service_role in the cloud'
      when '42P01' then 'the cloud has no such table: create it there'
      when '42703' then 'the cloud has no such column: create it there, as the clinic has it'
      when '57014' then 'the database took too long for this row: look for a slow trigger or a missing index'
      when 'P0001' then 'a rule programmed in the database (a trigger) refused it: correct the row, or the rule'
      when 'PGRST100' then 'the cloud did not understand the request: report this as a fault of the program'
      when 'PGRST102' then 'the cloud did not understand the row that was sent: report this as a fault of the program'
      when 'PGRST106' then 'the cloud does not publish the schema of this table: add it to the API''s schemas'
      when 'PGRST204' then 'the cloud has no such column: create it there, and let the API reload its schema'
      when 'PGRST205' then 'the cloud has no such table: create it there, and let the API reload its schema'
      when 'HTTP413' then 'the row is too large for the cloud: make its largest texts or files smaller'
      when 'too-large' then 'the cloud''s answer is too large: make the row''s largest texts or files smaller'
      when 'no-row' then 'the cloud accepted it and changed nothing: look for a trigger or a policy that drops it'
      else case left(p_state, 2)
        when '22' then 'a value does not fit its column (too long, too large, or of another kind): correct it'
        when '23' then 'a rule of the table forbids it: correct the row'
        when '40' then 'another change of the row came in between: it is tried again by itself'
        when '53' then 'the database has run out of room or memory: look after the server'
        else 'the database refused it: look the code up, or ask for help with it'
      end
    end
    || coalesce(' (column ' || nullif(p_column, '') || ')', '')
    || coalesce(' (rule ' || nullif(p_constraint, '') || ')', '')
$$;
