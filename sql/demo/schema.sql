-- The tables of a clinic, as CentroVision has them: made on both sides before any row arrives.
-- Run by the lab (demo and integration tests) once in the cloud and once in the clinic's template.

create type appointment_status as enum ('pendiente', 'confirmada', 'en_espera', 'atendida', 'cancelada', 'no_asistio');
create type payment_method as enum ('efectivo', 'tarjeta', 'transferencia', 'cheque', 'seguro');
create type movement_kind as enum ('compra', 'venta', 'ajuste', 'traslado', 'merma');
create type eye_side as enum ('OD', 'OI', 'AO');

create table branches (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  code text not null unique,
  address text,
  city text,
  phone text,
  latitude float8,
  longitude float8,
  opening_hours jsonb not null default '{}',
  opened_on date,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table rooms (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid not null references branches (id),
  name text not null,
  kind text,
  equipment text[] not null default '{}',
  opens_at time,
  closes_at time,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table profiles (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  full_name text not null,
  email text not null unique,
  phone text,
  specialty text,
  licence_number text,
  signature bytea,
  schedule jsonb,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references profiles (id) on delete cascade,
  role text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (user_id, role)
);

create table user_branches (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references profiles (id) on delete cascade,
  branch_id uuid not null references branches (id) on delete cascade,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (user_id, branch_id)
);

create table patients (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  first_name text not null,
  last_name text not null,
  full_name text generated always as (first_name || ' ' || last_name) stored,
  identity_number text,
  birth_date date,
  gender text,
  phone text,
  email text,
  address text,
  city text,
  department text,
  occupation text,
  blood_type text,
  allergies text[] not null default '{}',
  medical_history text,
  ocular_history text,
  emergency_contact jsonb,
  insurance jsonb,
  preferences json,
  notes text,
  is_active boolean not null default true,
  last_visit_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table service_categories (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table services (
  id uuid primary key default gen_random_uuid(),
  category_id uuid references service_categories (id),
  name text not null,
  price numeric(12, 2) not null default 0,
  tax_rate numeric(5, 4) not null default 0.15,
  duration interval not null default '30 minutes',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table appointments (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  room_id uuid references rooms (id),
  patient_id uuid not null references patients (id),
  doctor_id uuid references profiles (id),
  service_id uuid references services (id),
  ticket_number bigint generated always as identity,
  status appointment_status not null default 'pendiente',
  starts_at timestamptz not null,
  duration interval not null default '30 minutes',
  reminder_at time,
  reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table encounters (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  appointment_id uuid references appointments (id),
  patient_id uuid not null references patients (id),
  doctor_id uuid references profiles (id),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  complaint text,
  findings jsonb not null default '{}',
  plan text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table exam_eye (
  id uuid primary key default gen_random_uuid(),
  encounter_id uuid not null references encounters (id),
  eye eye_side not null,
  sphere numeric(5, 2),
  cylinder numeric(5, 2),
  axis smallint,
  visual_acuity text,
  pressure float8,
  keratometry numeric(6, 2)[] not null default '{}',
  visual_field integer[] not null default '{}',
  device_output json,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table diagnoses (
  id uuid primary key default gen_random_uuid(),
  encounter_id uuid not null references encounters (id),
  parent_id uuid references diagnoses (id),
  code text not null,
  description text not null,
  eye eye_side,
  is_primary boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table prescriptions (
  id uuid primary key default gen_random_uuid(),
  encounter_id uuid not null references encounters (id),
  patient_id uuid not null references patients (id),
  doctor_id uuid references profiles (id),
  lenses jsonb,
  valid_until date,
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table prescription_items (
  id uuid primary key default gen_random_uuid(),
  prescription_id uuid not null references prescriptions (id) on delete cascade,
  medication text not null,
  dose text,
  every interval,
  days integer,
  eye eye_side,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table referrals (
  id uuid primary key default gen_random_uuid(),
  encounter_id uuid references encounters (id),
  patient_id uuid not null references patients (id),
  referred_to text not null,
  reason text,
  is_urgent boolean not null default false,
  valid_for interval not null default '30 days',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table studies (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  patient_id uuid not null references patients (id),
  encounter_id uuid references encounters (id),
  kind text not null,
  taken_at timestamp,
  result text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table study_files (
  id uuid primary key default gen_random_uuid(),
  study_id uuid not null references studies (id) on delete cascade,
  storage_path text not null,
  mime_type text not null,
  size_bytes bigint not null,
  sha256 bytea,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table invoices (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  patient_id uuid references patients (id),
  appointment_id uuid references appointments (id),
  invoice_number text unique,
  issued_at timestamptz not null default now(),
  due_on date,
  subtotal numeric(12, 2) not null default 0,
  tax numeric(12, 2) not null default 0,
  total numeric(12, 2) not null default 0,
  status text not null default 'emitida',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table invoice_items (
  id uuid primary key default gen_random_uuid(),
  invoice_id uuid not null references invoices (id) on delete cascade,
  service_id uuid references services (id),
  item_id uuid,
  description text not null,
  quantity numeric(10, 3) not null default 1,
  unit_price numeric(12, 2) not null default 0,
  line_total numeric(14, 2) generated always as (round(quantity * unit_price, 2)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table payments (
  id uuid primary key default gen_random_uuid(),
  invoice_id uuid not null references invoices (id),
  branch_id uuid references branches (id),
  method payment_method not null default 'efectivo',
  amount numeric(12, 2) not null,
  paid_at timestamptz not null default now(),
  details jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table cash_closures (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid not null references branches (id),
  closed_by uuid references profiles (id),
  closed_on date not null,
  counted_at timestamp,
  shift_starts time,
  shift_length interval,
  expected numeric(14, 2) not null default 0,
  counted numeric(14, 2) not null default 0,
  denominations integer[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table inventory_categories (
  id uuid primary key default gen_random_uuid(),
  parent_id uuid references inventory_categories (id),
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table inventory_items (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  category_id uuid references inventory_categories (id),
  sku text not null unique,
  name text not null,
  barcodes text[] not null default '{}',
  price_tiers numeric(12, 2)[] not null default '{}',
  attributes jsonb not null default '{}',
  cost numeric(12, 4) not null default 0,
  price numeric(12, 2) not null default 0,
  stock numeric(12, 2) not null default 0,
  minimum_stock integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

alter table invoice_items add foreign key (item_id) references inventory_items (id);

create table inventory_movements (
  id uuid primary key default gen_random_uuid(),
  item_id uuid not null references inventory_items (id),
  branch_id uuid references branches (id),
  user_id uuid references profiles (id),
  kind movement_kind not null,
  quantity numeric(12, 2) not null,
  unit_cost numeric(12, 4),
  moved_at timestamptz not null default now(),
  note text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table crm_pipelines (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table crm_pipeline_stages (
  id uuid primary key default gen_random_uuid(),
  pipeline_id uuid not null references crm_pipelines (id) on delete cascade,
  name text not null,
  position integer not null,
  probability numeric(4, 3) not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table crm_leads (
  id uuid primary key default gen_random_uuid(),
  branch_id uuid references branches (id),
  stage_id uuid references crm_pipeline_stages (id),
  patient_id uuid references patients (id),
  owner_id uuid references profiles (id),
  name text not null,
  phone text,
  source text,
  score float8,
  tags text[] not null default '{}',
  answers jsonb,
  created_at timestamptz default now(),
  updated_at timestamptz,
  deleted_at timestamptz
);

create function set_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end
$$;

do $$
declare
  stamped_table text;
begin
  for stamped_table in
    select table_name
    from information_schema.columns
    where table_schema = 'public' and column_name = 'updated_at'
  loop
    execute format(
      'create trigger set_updated_at before update on %I for each row execute function set_updated_at()',
      stamped_table);
  end loop;
end
$$;

create function book_stock() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    update inventory_items set stock = stock - old.quantity where id = old.item_id;
  end if;
  if tg_op <> 'DELETE' then
    update inventory_items set stock = stock + new.quantity where id = new.item_id;
  end if;
  return null;
end
$$;

create trigger book_stock after insert or delete or update of item_id, quantity on inventory_movements
  for each row execute function book_stock();

create index on appointments (patient_id);
create index on encounters (patient_id);
create index on exam_eye (encounter_id);
create index on diagnoses (encounter_id);
create index on prescriptions (encounter_id);
create index on prescription_items (prescription_id);
create index on studies (patient_id);
create index on study_files (study_id);
create index on invoices (patient_id);
create index on invoice_items (invoice_id);
create index on payments (invoice_id);
create index on inventory_movements (item_id);
