-- placeholder
-- placeholder
select 1;
