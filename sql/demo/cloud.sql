-- What makes a plain PostgreSQL a Supabase project: its roles, its row level security, its own triggers.
-- Run by the lab after schema.sql and generate.sql, in the cloud only.

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;

grant usage on schema public to anon, authenticated, service_role;
grant all on all tables in schema public to anon, authenticated, service_role;
grant all on all sequences in schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;

revoke execute on all functions in schema public from public;

do $$
declare
  clinic_table regclass;
begin
  for clinic_table in
    select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
  loop
    execute format('alter table %s enable row level security', clinic_table);
  end loop;
end
$$;

create sequence invoice_number_seq;

create function give_invoice_number() returns trigger language plpgsql as $$
begin
  new.invoice_number = '000-001-01-' || lpad(nextval('invoice_number_seq')::text, 8, '0');
  return new;
end
$$;

create trigger give_invoice_number before insert on invoices
  for each row when (new.invoice_number is null) execute function give_invoice_number();

create index on patients (updated_at, id);
create index on appointments (updated_at, id);
create index on encounters (updated_at, id);
create index on exam_eye (updated_at, id);
create index on diagnoses (updated_at, id);
create index on prescriptions (updated_at, id);
create index on prescription_items (updated_at, id);
create index on studies (updated_at, id);
create index on study_files (updated_at, id);
create index on invoices (updated_at, id);
create index on invoice_items (updated_at, id);
create index on payments (updated_at, id);
create index on inventory_movements (updated_at, id);
create index on crm_leads (updated_at, id);
