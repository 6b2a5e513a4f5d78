-- Makes believable rows of a Honduran eye clinic: the same seed gives the same rows in any database and on any day.
-- Run once by the lab, as superuser; afterwards tests and the demo call demo_generate or demo_generate_patients.

create function demo_hash(p_seed text, p_salt integer, i bigint) returns bigint language sql immutable as $$
  select hashtextextended(p_seed, i * 1000 + p_salt) & 9223372036854775807
$$;

create function demo_uuid(p_seed text, p_table text, i bigint) returns uuid language sql immutable as $$
  select md5(p_seed || '/' || p_table || '/' || i)::uuid
$$;

create function demo_pick(p_words text[], p_hash bigint) returns text language sql immutable as $$
  select p_words[1 + p_hash % cardinality(p_words)]
$$;

create function demo_index(p_seed text, p_salt integer, i bigint, p_count bigint) returns bigint
language sql immutable as $$
  select 1 + demo_hash(p_seed, p_salt, i) % p_count
$$;

-- All stamps lie in the eighteen months before this moment.
create function demo_until() returns timestamptz language sql immutable as $$
  select timestamptz '2026-01-18 18:00:00-06'
$$;

create function demo_created(p_seed text, p_salt integer, i bigint) returns timestamptz language sql stable as $$
  select demo_until() - make_interval(secs => demo_hash(p_seed, p_salt, i) % 46656000000000 / 1000000.0)
$$;

create function demo_updated(p_created timestamptz, p_hash bigint) returns timestamptz language sql stable as $$
  select p_created + (demo_until() - p_created) * ((p_hash % 1000000) / 1000000.0)
$$;

create function demo_price(p_seed text, i bigint) returns numeric language sql immutable as $$
  select (150 + demo_hash(p_seed, 900, i) % 60 * 50)::numeric(12, 2)
$$;

create function demo_quantity(p_seed text, i bigint) returns numeric language sql immutable as $$
  select (1 + demo_hash(p_seed, 901, i) % 2)::numeric
$$;

create function demo_invoice_subtotal(p_seed text, i bigint) returns numeric language sql immutable as $$
  select demo_price(p_seed, 2 * i - 1) * demo_quantity(p_seed, 2 * i - 1)
    + demo_price(p_seed, 2 * i) * demo_quantity(p_seed, 2 * i)
$$;

create function demo_first_name(p_hash bigint) returns text language sql immutable as $$
  select demo_pick(array[
    'María', 'José', 'Ana', 'Luis', 'Carmen', 'Juan', 'Karla', 'Carlos', 'Rosa', 'Óscar', 'Gloria', 'Héctor',
    'Sandra', 'Mario', 'Wendy', 'Selvin', 'Dilcia', 'Wilmer', 'Reina', 'Nelson', 'Suyapa', 'Darwin', 'Yolanda',
    'Kevin', 'Lesly', 'Marvin', 'Doris', 'Ramón', 'Belkis', 'Ángel'], p_hash)
$$;

create function demo_last_name(p_hash bigint) returns text language sql immutable as $$
  select demo_pick(array[
    'Hernández', 'Martínez', 'López', 'Rodríguez', 'García', 'Mejía', 'Zelaya', 'Pineda', 'Flores', 'Cruz', 'Paz',
    'Castellanos', 'Núñez', 'Bonilla', 'Amador', 'Reyes', 'Aguilar', 'Maradiaga', 'Lagos', 'Euceda', 'Alvarado',
    'Orellana', 'Padilla', 'Banegas', 'Murillo', 'Zúniga', 'Discua', 'Turcios', 'Ordóñez', 'Peña'], p_hash)
    || ' ' || demo_pick(array[
    'Rivera', 'Mejía', 'Cárcamo', 'Santos', 'Velásquez', 'Funes', 'Oseguera', 'Maldonado', 'Ávila', 'Torres',
    'Guevara', 'Figueroa', 'Sabillón', 'Morales', 'Ramos', 'Chávez', 'Andino', 'Ponce', 'Duarte', 'Ulloa'],
    p_hash / 32)
$$;

create function demo_phone(p_hash bigint) returns text language sql immutable as $$
  select '+504 ' || (array['3', '8', '9'])[1 + p_hash % 3] || lpad((p_hash / 3 % 1000)::text, 3, '0')
    || '-' || lpad((p_hash / 3000 % 10000)::text, 4, '0')
$$;

create function demo_generate_branches(p_seed text) returns void
language plpgsql security definer set search_path = public, pg_temp set session_replication_role = replica
set timezone = 'America/Tegucigalpa' as $$
begin
  insert into branches (id, name, code, address, city, phone, latitude, longitude, opening_hours, opened_on,
    created_at, updated_at)
  select
    demo_uuid(p_seed, 'branches', i),
    'CentroVisión ' || (array['Tegucigalpa', 'San Pedro Sula', 'La Ceiba'])[i],
    (array['TGU', 'SPS', 'LCE'])[i] || '-' || substr(md5(p_seed), 1, 4),
    (array['Boulevard Morazán, edificio Los Próceres', 'Avenida Circunvalación, 7 calle', 'Avenida San Isidro'])[i],
    (array['Tegucigalpa', 'San Pedro Sula', 'La Ceiba'])[i],
    demo_phone(demo_hash(p_seed, 10, i)),
    (array[14.0981, 15.5049, 15.7697])[i],
    (array[-87.1812, -88.0256, -86.7919])[i],
    jsonb_build_object('lunes_a_viernes', '08:00-17:00', 'sabado', '08:00-12:00'),
    date '2015-03-01' + 400 * i,
    demo_until() - interval '18 months',
    demo_until() - interval '17 months'
  from generate_series(1, 3) i
  on conflict do nothing;
end
$$;

create function demo_generate_patients(p_seed text, p_count integer) returns void
language plpgsql security definer set search_path = public, pg_temp set session_replication_role = replica
set timezone = 'America/Tegucigalpa' as $$
begin
  perform demo_generate_branches(p_seed);

  insert into patients (id, branch_id, first_name, last_name, identity_number, birth_date, gender, phone, email,
    address, city, department, occupation, blood_type, allergies, medical_history, ocular_history,
    emergency_contact, insurance, preferences, notes, is_active, last_visit_at, created_at, updated_at, deleted_at)
  select
    demo_uuid(p_seed, 'patients', i),
    demo_uuid(p_seed, 'branches', demo_index(p_seed, 20, i, 3)),
    demo_first_name(h1),
    demo_last_name(h2),
    lpad((101 + h1 % 1700)::text, 4, '0') || '-' || (1935 + h2 % 85) || '-' || lpad((i % 100000)::text, 5, '0'),
    make_date((1935 + h2 % 85)::integer, (1 + h3 % 12)::integer, (1 + h4 % 28)::integer),
    demo_pick(array['F', 'M'], h1),
    demo_phone(h3),
    case when h4 % 3 > 0 then 'paciente' || i || '@correo.hn' end,
    demo_pick(array['Colonia Kennedy', 'Barrio Guanacaste', 'Colonia Palmira', 'Residencial Las Uvas',
      'Barrio El Centro', 'Colonia Satélite', 'Aldea El Hatillo', 'Colonia Miraflores'], h4)
      || ', bloque ' || chr((65 + h1 % 26)::integer) || ', casa ' || (1 + h2 % 400),
    demo_pick(array['Tegucigalpa', 'San Pedro Sula', 'La Ceiba', 'Comayagua', 'Choluteca', 'El Progreso', 'Danlí',
      'Juticalpa'], h3),
    demo_pick(array['Francisco Morazán', 'Cortés', 'Atlántida', 'Comayagua', 'Choluteca', 'Yoro', 'El Paraíso',
      'Olancho'], h3),
    demo_pick(array['Ama de casa', 'Comerciante', 'Docente', 'Agricultor', 'Estudiante', 'Motorista', 'Costurera',
      'Albañil', 'Contador', 'Jubilada'], h1),
    demo_pick(array['O+', 'A+', 'B+', 'O-', 'AB+', 'A-'], h2),
    case when h3 % 5 = 0 then array['Penicilina', demo_pick(array['Sulfas', 'Látex', 'Aspirina'], h1)] else '{}' end,
    demo_pick(array['Hipertensión arterial controlada con losartán. ', 'Diabetes mellitus tipo 2 desde hace años. ',
      'Sin antecedentes de importancia. ', 'Asma leve en la infancia. ', 'Hipotiroidismo en tratamiento. '], h4)
      || demo_pick(array['Niega tabaquismo y alcohol.', 'Fumador ocasional.',
      'Madre con glaucoma, padre con diabetes.', 'Cirugía de apéndice a los 20 años.'], h3),
    demo_pick(array['Usa lentes desde los ocho años. ', 'Refiere ojo rojo recurrente. ', 'Catarata incipiente. ',
      'Pterigión nasal en ojo derecho. ', 'Sin cirugías oculares previas. '], h1)
      || demo_pick(array['Último control hace más de un año.', 'Trabaja muchas horas frente a pantalla.',
      'Se queja de cefalea al final del día.', 'Acude por renovación de lentes.'], h2),
    jsonb_build_object('nombre', demo_first_name(h4) || ' ' || demo_last_name(h3), 'telefono', demo_phone(h1),
      'parentesco', demo_pick(array['madre', 'esposo', 'hija', 'hermano'], h2)),
    case when h1 % 4 = 0 then jsonb_build_object('aseguradora', demo_pick(array['Ficohsa Seguros', 'Mapfre',
      'Seguros Atlántida'], h2), 'poliza', 'P-' || h3 % 1000000, 'copago', 20) end,
    json_build_object('recordatorio', demo_pick(array['whatsapp', 'llamada', 'correo'], h4), 'idioma', 'es'),
    case when h2 % 3 = 0 then 'Prefiere cita por la mañana; viene acompañado.' end,
    h3 % 50 > 0,
    demo_updated(created, h1),
    created,
    demo_updated(created, h2),
    case when h3 % 100 = 0 then demo_updated(created, h2) end
  from generate_series(1, p_count) i
  cross join lateral (
    select
      demo_hash(p_seed, 21, i) as h1,
      demo_hash(p_seed, 22, i) as h2,
      demo_hash(p_seed, 23, i) as h3,
      demo_hash(p_seed, 24, i) as h4,
      demo_created(p_seed, 25, i) as created
    offset 0) hashed
  on conflict do nothing;
end
$$;

create function demo_generate_catalogue(p_seed text, p_items integer) returns void
language plpgsql security definer set search_path = public, pg_temp set session_replication_role = replica
set timezone = 'America/Tegucigalpa' as $$
declare
  v_opened timestamptz = demo_until() - interval '18 months';
begin
  perform demo_generate_branches(p_seed);

  insert into rooms (id, branch_id, name, kind, equipment, opens_at, closes_at, created_at, updated_at)
  select demo_uuid(p_seed, 'rooms', i), demo_uuid(p_seed, 'branches', 1 + (i - 1) / 4), 'Consultorio ' || i,
    demo_pick(array['consulta', 'optometría', 'cirugía menor', 'estudios'], i),
    array['Lámpara de hendidura', demo_pick(array['Autorrefractómetro', 'OCT', 'Campímetro', 'Tonómetro'], i)],
    time '08:00', time '17:00', v_opened, v_opened
  from generate_series(1, 12) i
  on conflict do nothing;

  insert into profiles (id, branch_id, full_name, email, phone, specialty, licence_number, signature, schedule,
    created_at, updated_at)
  select demo_uuid(p_seed, 'profiles', i), demo_uuid(p_seed, 'branches', 1 + i % 3),
    demo_first_name(demo_hash(p_seed, 41, i)) || ' ' || demo_last_name(demo_hash(p_seed, 42, i)),
    'usuario' || i || '.' || substr(md5(p_seed), 1, 6) || '@centrovision.hn', demo_phone(demo_hash(p_seed, 43, i)),
    demo_pick(array['Oftalmología', 'Optometría', 'Retina', 'Glaucoma', 'Recepción', 'Caja'], i),
    'CMH-' || 2000 + i, sha256(convert_to(p_seed || i, 'UTF8')),
    jsonb_build_object('turno', demo_pick(array['mañana', 'tarde'], i)), v_opened, v_opened
  from generate_series(1, 18) i
  on conflict do nothing;

  insert into user_roles (id, user_id, role, created_at, updated_at)
  select demo_uuid(p_seed, 'user_roles', i), demo_uuid(p_seed, 'profiles', i),
    demo_pick(array['doctor', 'doctor', 'doctor', 'doctor', 'recepcion', 'caja'], i), v_opened, v_opened
  from generate_series(1, 18) i
  on conflict do nothing;

  insert into user_branches (id, user_id, branch_id, is_default, created_at, updated_at)
  select demo_uuid(p_seed, 'user_branches', i), demo_uuid(p_seed, 'profiles', i),
    demo_uuid(p_seed, 'branches', 1 + i % 3), true, v_opened, v_opened
  from generate_series(1, 18) i
  on conflict do nothing;

  insert into service_categories (id, name, description, position, created_at, updated_at)
  select demo_uuid(p_seed, 'service_categories', i),
    demo_pick(array['Consultas', 'Cirugía', 'Estudios', 'Óptica', 'Lentes de contacto', 'Procedimientos'], i - 1),
    'Servicios de la clínica', i, v_opened, v_opened
  from generate_series(1, 6) i
  on conflict do nothing;

  insert into services (id, category_id, name, price, tax_rate, duration, created_at, updated_at)
  select demo_uuid(p_seed, 'services', i), demo_uuid(p_seed, 'service_categories', 1 + i % 6),
    demo_pick(array['Consulta general', 'Consulta de retina', 'Control de glaucoma', 'Campo visual', 'OCT macular',
      'Adaptación de lentes', 'Cirugía de pterigión', 'Láser YAG', 'Topografía corneal', 'Consulta pediátrica'], i)
      || ' ' || (1 + i / 10),
    demo_price(p_seed, i), case when i % 6 < 3 then 0 else 0.15 end, make_interval(mins => 15 * (1 + i % 4)),
    v_opened, v_opened
  from generate_series(1, 40) i
  on conflict do nothing;

  insert into inventory_categories (id, parent_id, name, created_at, updated_at)
  select demo_uuid(p_seed, 'inventory_categories', i),
    case when i > 4 then demo_uuid(p_seed, 'inventory_categories', 1 + i % 4) end,
    demo_pick(array['Armazones', 'Lentes', 'Gotas', 'Accesorios', 'Metal', 'Acetato', 'Monofocal', 'Progresivo',
      'Antibiótico', 'Lubricante', 'Estuches', 'Paños'], i - 1), v_opened, v_opened
  from generate_series(1, 12) i
  on conflict do nothing;

  insert into inventory_items (id, branch_id, category_id, sku, name, barcodes, price_tiers, attributes, cost, price,
    minimum_stock, created_at, updated_at)
  select demo_uuid(p_seed, 'inventory_items', i), demo_uuid(p_seed, 'branches', demo_index(p_seed, 50, i, 3)),
    demo_uuid(p_seed, 'inventory_categories', demo_index(p_seed, 51, i, 12)),
    substr(md5(p_seed), 1, 6) || '-' || lpad(i::text, 6, '0'),
    demo_pick(array['Armazón metálico', 'Armazón de acetato', 'Lente monofocal', 'Lente progresivo',
      'Lágrimas artificiales', 'Estuche rígido', 'Paño de microfibra', 'Solución para lentes'], i) || ' No. ' || i,
    array['74' || lpad((demo_hash(p_seed, 52, i) % 10000000000)::text, 11, '0')],
    array[demo_price(p_seed, i), demo_price(p_seed, i) * 0.95, demo_price(p_seed, i) * 0.9]::numeric(12, 2)[],
    jsonb_build_object('color', demo_pick(array['negro', 'café', 'azul', 'transparente'], i), 'garantia_meses', 6),
    demo_price(p_seed, i) * 0.55, demo_price(p_seed, i), 5, created, demo_updated(created, demo_hash(p_seed, 54, i))
  from generate_series(1, p_items) i
  cross join lateral (select demo_created(p_seed, 53, i) as created offset 0) stamped
  on conflict do nothing;

  insert into crm_pipelines (id, name, is_default, created_at, updated_at)
  select demo_uuid(p_seed, 'crm_pipelines', i), (array['Pacientes nuevos', 'Cirugía refractiva'])[i], i = 1,
    v_opened, v_opened
  from generate_series(1, 2) i
  on conflict do nothing;

  insert into crm_pipeline_stages (id, pipeline_id, name, position, probability, created_at, updated_at)
  select demo_uuid(p_seed, 'crm_pipeline_stages', i), demo_uuid(p_seed, 'crm_pipelines', 1 + (i - 1) / 5),
    demo_pick(array['Nuevo', 'Contactado', 'Cita agendada', 'Evaluado', 'Ganado'], i - 1), 1 + (i - 1) % 5,
    ((i - 1) % 5 + 1) / 5.0, v_opened, v_opened
  from generate_series(1, 10) i
  on conflict do nothing;
end
$$;

create function demo_generate_visits(p_seed text, p_patients integer) returns void
language plpgsql security definer set search_path = public, pg_temp set session_replication_role = replica
set timezone = 'America/Tegucigalpa' as $$
declare
  v_encounters integer = (p_patients * 3 + 1) / 2;
  v_studies integer = (p_patients + 1) / 2;
begin
  insert into appointments (id, branch_id, room_id, patient_id, doctor_id, service_id, ticket_number, status,
    starts_at, duration, reminder_at, reason, created_at, updated_at)
  overriding system value
  select demo_uuid(p_seed, 'appointments', i), demo_uuid(p_seed, 'branches', demo_index(p_seed, 100, i, 3)),
    demo_uuid(p_seed, 'rooms', demo_index(p_seed, 101, i, 12)),
    demo_uuid(p_seed, 'patients', demo_index(p_seed, 102, i, p_patients)),
    demo_uuid(p_seed, 'profiles', demo_index(p_seed, 103, i, 18)),
    demo_uuid(p_seed, 'services', demo_index(p_seed, 104, i, 40)), i,
    case when i <= v_encounters then 'atendida'
      else demo_pick(array['pendiente', 'confirmada', 'cancelada', 'no_asistio'], hash) end::appointment_status,
    date_trunc('hour', created) + interval '3 days', make_interval(mins => (15 * (1 + hash % 4))::integer),
    time '07:30' + make_interval(mins => (hash % 120)::integer),
    demo_pick(array['Control anual', 'Ojo rojo', 'Visión borrosa', 'Renovación de lentes', 'Dolor ocular',
      'Entrega de resultados', 'Seguimiento de glaucoma'], hash),
    created, demo_updated(created, hash)
  from generate_series(1, p_patients * 2) i
  cross join lateral (
    select demo_hash(p_seed, 105, i) as hash, demo_created(p_seed, 106, i) as created offset 0) hashed
  on conflict do nothing;

  insert into encounters (id, branch_id, appointment_id, patient_id, doctor_id, started_at, ended_at, complaint,
    findings, plan, created_at, updated_at)
  select demo_uuid(p_seed, 'encounters', i), demo_uuid(p_seed, 'branches', demo_index(p_seed, 100, i, 3)),
    demo_uuid(p_seed, 'appointments', i),
    demo_uuid(p_seed, 'patients', demo_index(p_seed, 102, i, p_patients)),
    demo_uuid(p_seed, 'profiles', demo_index(p_seed, 103, i, 18)),
    created, created + make_interval(mins => (10 + hash % 40)::integer),
    demo_pick(array['Visión borrosa de lejos', 'Ardor y lagrimeo', 'Cefalea frontal', 'Control de presión ocular',
      'Moscas volantes', 'Ojo seco'], hash),
    jsonb_build_object('biomicroscopia', demo_pick(array['normal', 'pterigión nasal', 'opacidad del cristalino'], hash),
      'fondo_de_ojo', jsonb_build_object('excavacion', (2 + hash % 6) / 10.0, 'macula', 'sana')),
    demo_pick(array['Lentes nuevos', 'Gotas lubricantes y control en un mes', 'Referir a retina',
      'Tratamiento tópico y cita en quince días'], hash),
    created, demo_updated(created, hash)
  from generate_series(1, v_encounters) i
  cross join lateral (
    select demo_hash(p_seed, 110, i) as hash, demo_created(p_seed, 111, i) as created offset 0) hashed
  on conflict do nothing;

  insert into exam_eye (id, encounter_id, eye, sphere, cylinder, axis, visual_acuity, pressure, keratometry,
    visual_field, device_output, created_at, updated_at)
  select demo_uuid(p_seed, 'exam_eye', i), demo_uuid(p_seed, 'encounters', (i + 1) / 2),
    (array['OD', 'OI'])[1 + i % 2]::eye_side, (hash % 49 - 24) / 4.0, -(hash % 13) / 4.0, hash % 181,
    demo_pick(array['20/20', '20/25', '20/30', '20/40', '20/60', '20/100'], hash), 10 + (hash % 1400) / 100.0::float8,
    array[41 + (hash % 400) / 100.0, 42 + (hash % 380) / 100.0],
    array[28 + hash % 5, 27 + hash % 6, 25 + hash % 7, 24 + hash % 8]::integer[],
    json_build_object('equipo', 'AR-1', 'intentos', 1 + hash % 3, 'confianza', (80 + hash % 20) / 100.0),
    created, demo_updated(created, hash)
  from generate_series(1, v_encounters * 2) i
  cross join lateral (
    select demo_hash(p_seed, 120, i) as hash, demo_created(p_seed, 111, (i + 1) / 2) as created offset 0) hashed
  on conflict do nothing;

  insert into diagnoses (id, encounter_id, parent_id, code, description, eye, is_primary, created_at, updated_at)
  select demo_uuid(p_seed, 'diagnoses', i), demo_uuid(p_seed, 'encounters', i),
    case when i % 5 = 0 then demo_uuid(p_seed, 'diagnoses', i - 1) end,
    demo_pick(array['H52.1', 'H52.2', 'H40.1', 'H25.9', 'H11.0', 'H04.1', 'H10.1'], hash),
    demo_pick(array['Miopía', 'Astigmatismo', 'Glaucoma de ángulo abierto', 'Catarata senil', 'Pterigión',
      'Ojo seco', 'Conjuntivitis alérgica'], hash),
    demo_pick(array['OD', 'OI', 'AO'], hash)::eye_side, i % 5 > 0, created, demo_updated(created, hash)
  from generate_series(1, v_encounters) i
  cross join lateral (
    select demo_hash(p_seed, 130, i) as hash, demo_created(p_seed, 111, i) as created offset 0) hashed
  on conflict do nothing;

  insert into prescriptions (id, encounter_id, patient_id, doctor_id, lenses, valid_until, notes, created_at,
    updated_at)
  select demo_uuid(p_seed, 'prescriptions', i), demo_uuid(p_seed, 'encounters', i),
    demo_uuid(p_seed, 'patients', demo_index(p_seed, 102, i, p_patients)),
    demo_uuid(p_seed, 'profiles', demo_index(p_seed, 103, i, 18)),
    jsonb_build_object('OD', jsonb_build_object('esfera', (hash % 25 - 12) / 4.0, 'eje', hash % 181),
      'OI', jsonb_build_object('esfera', (hash % 21 - 10) / 4.0, 'eje', hash % 171)),
    created::date + 365, case when hash % 3 = 0 then 'Uso permanente' end, created, demo_updated(created, hash)
  from generate_series(1, p_patients) i
  cross join lateral (
    select demo_hash(p_seed, 140, i) as hash, demo_created(p_seed, 111, i) as created offset 0) hashed
  on conflict do nothing;

  insert into prescription_items (id, prescription_id, medication, dose, every, days, eye, created_at, updated_at)
  select demo_uuid(p_seed, 'prescription_items', i), demo_uuid(p_seed, 'prescriptions', (i + 1) / 2),
    demo_pick(array['Timolol 0.5 %', 'Latanoprost 0.005 %', 'Tobramicina 0.3 %', 'Carboximetilcelulosa 0.5 %',
      'Olopatadina 0.1 %', 'Dexametasona 0.1 %'], hash),
    '1 gota', make_interval(hours => (4 * (1 + hash % 6))::integer), 7 + hash % 24,
    demo_pick(array['OD', 'OI', 'AO'], hash)::eye_side, created, demo_updated(created, hash)
  from generate_series(1, p_patients * 2) i
  cross join lateral (
    select demo_hash(p_seed, 150, i) as hash, demo_created(p_seed, 111, (i + 1) / 2) as created offset 0) hashed
  on conflict do nothing;

  insert into referrals (id, encounter_id, patient_id, referred_to, reason, is_urgent, valid_for, created_at,
    updated_at)
  select demo_uuid(p_seed, 'referrals', i), demo_uuid(p_seed, 'encounters', i),
    demo_uuid(p_seed, 'patients', demo_index(p_seed, 102, i, p_patients)),
    demo_pick(array['Hospital Escuela', 'Hospital San Felipe', 'Hospital Mario Rivas', 'Clínica de retina'], hash),
    demo_pick(array['Desprendimiento de retina', 'Valoración de catarata', 'Glaucoma no controlado'], hash),
    hash % 7 = 0, make_interval(months => (1 + hash % 3)::integer), created, demo_updated(created, hash)
  from generate_series(1, (p_patients + 4) / 5) i
  cross join lateral (
    select demo_hash(p_seed, 160, i) as hash, demo_created(p_seed, 111, i) as created offset 0) hashed
  on conflict do nothing;

  insert into studies (id, branch_id, patient_id, encounter_id, kind, taken_at, result, metadata, created_at,
    updated_at)
  select demo_uuid(p_seed, 'studies', i), demo_uuid(p_seed, 'branches', demo_index(p_seed, 100, i, 3)),
    demo_uuid(p_seed, 'patients', demo_index(p_seed, 102, i, p_patients)), demo_uuid(p_seed, 'encounters', i),
    demo_pick(array['OCT macular', 'Campo visual', 'Topografía corneal', 'Fotografía de fondo', 'Biometría'], hash),
    created::timestamp, demo_pick(array['Dentro de límites normales', 'Adelgazamiento de capa de fibras',
      'Astigmatismo irregular'], hash),
    jsonb_build_object('equipo', demo_pick(array['Cirrus', 'Humphrey', 'Pentacam'], hash), 'paginas', 1 + hash % 4),
    created, demo_updated(created, hash)
  from generate_series(1, v_studies) i
  cross join lateral (
    select demo_hash(p_seed, 170, i) as hash, demo_created(p_seed, 111, i) as created offset 0) hashed
  on conflict do nothing;

  insert into study_files (id, study_id, storage_path, mime_type, size_bytes, sha256, created_at, updated_at)
  select demo_uuid(p_seed, 'study_files', i), demo_uuid(p_seed, 'studies', (i + 1) / 2),
    'estudios/' || demo_uuid(p_seed, 'studies', (i + 1) / 2) || '/' || i || case when i % 2 = 0 then '.pdf' else '.jpg' end,
    case when i % 2 = 0 then 'application/pdf' else 'image/jpeg' end, 20000 + hash % 4000000,
    sha256(convert_to(p_seed || '/' || i, 'UTF8')), created, demo_updated(created, hash)
  from generate_series(1, v_studies * 2) i
  cross join lateral (
    select demo_hash(p_seed, 180, i) as hash, demo_created(p_seed, 111, (i + 1) / 2) as created offset 0) hashed
  on conflict do nothing;

  perform setval(pg_get_serial_sequence('appointments', 'ticket_number'), max(ticket_number)) from appointments;
end
$$;

create function demo_generate_sales(p_seed text, p_patients integer, p_items integer) returns void
language plpgsql security definer set search_path = public, pg_temp set session_replication_role = replica
set timezone = 'America/Tegucigalpa' as $$
declare
  v_invoices integer = (p_patients * 3 + 1) / 2;
  v_point_of_sale text = '000-' || (100 + demo_hash(p_seed, 200, 0) % 900) || '-01-';
begin
  insert into invoices (id, branch_id, patient_id, appointment_id, invoice_number, issued_at, due_on, subtotal, tax,
    total, status, created_at, updated_at)
  select demo_uuid(p_seed, 'invoices', i), demo_uuid(p_seed, 'branches', demo_index(p_seed, 100, i, 3)),
    demo_uuid(p_seed, 'patients', demo_index(p_seed, 102, i, p_patients)), demo_uuid(p_seed, 'appointments', i),
    v_point_of_sale || lpad(i::text, 8, '0'), created, created::date + 30, subtotal, round(subtotal * 0.15, 2),
    subtotal + round(subtotal * 0.15, 2), case when i % 10 > 0 then 'pagada' else 'emitida' end, created,
    demo_updated(created, hash)
  from generate_series(1, v_invoices) i
  cross join lateral (
    select demo_hash(p_seed, 201, i) as hash, demo_created(p_seed, 202, i) as created,
      demo_invoice_subtotal(p_seed, i) as subtotal offset 0) hashed
  on conflict do nothing;

  insert into invoice_items (id, invoice_id, service_id, item_id, description, quantity, unit_price, created_at,
    updated_at)
  select demo_uuid(p_seed, 'invoice_items', i), demo_uuid(p_seed, 'invoices', (i + 1) / 2),
    case when i % 2 = 1 then demo_uuid(p_seed, 'services', demo_index(p_seed, 211, i, 40)) end,
    case when i % 2 = 0 then demo_uuid(p_seed, 'inventory_items', demo_index(p_seed, 212, i, p_items)) end,
    case when i % 2 = 1 then 'Consulta oftalmológica' else 'Producto de óptica' end,
    demo_quantity(p_seed, i), demo_price(p_seed, i), created, demo_updated(created, hash)
  from generate_series(1, v_invoices * 2) i
  cross join lateral (
    select demo_hash(p_seed, 210, i) as hash, demo_created(p_seed, 202, (i + 1) / 2) as created offset 0) hashed
  on conflict do nothing;

  insert into payments (id, invoice_id, branch_id, method, amount, paid_at, details, created_at, updated_at)
  select demo_uuid(p_seed, 'payments', i), demo_uuid(p_seed, 'invoices', i),
    demo_uuid(p_seed, 'branches', demo_index(p_seed, 100, i, 3)),
    demo_pick(array['efectivo', 'tarjeta', 'transferencia', 'seguro'], hash)::payment_method,
    subtotal + round(subtotal * 0.15, 2), created,
    jsonb_build_object('moneda', 'HNL', 'referencia', hash % 1000000), created, demo_updated(created, hash)
  from generate_series(1, v_invoices) i
  cross join lateral (
    select demo_hash(p_seed, 220, i) as hash, demo_created(p_seed, 202, i) as created,
      demo_invoice_subtotal(p_seed, i) as subtotal offset 0) hashed
  where i % 10 > 0
  on conflict do nothing;

  insert into cash_closures (id, branch_id, closed_by, closed_on, counted_at, shift_starts, shift_length, expected,
    counted, denominations, created_at, updated_at)
  select demo_uuid(p_seed, 'cash_closures', i), demo_uuid(p_seed, 'branches', 1 + i % 3),
    demo_uuid(p_seed, 'profiles', demo_index(p_seed, 230, i, 18)), closed_on, closed_on + time '17:30', time '08:00',
    interval '9 hours 30 minutes', 5000 + hash % 20000, 5000 + hash % 20000 - hash % 3,
    array[hash % 20, hash % 30, hash % 40, hash % 50, hash % 25, hash % 15]::integer[],
    closed_on + time '17:35', closed_on + time '17:40'
  from generate_series(1, greatest(3, least(p_patients / 10, 1500))) i
  cross join lateral (
    select demo_hash(p_seed, 231, i) as hash, demo_until()::date - 1 - i / 3 as closed_on offset 0) hashed
  on conflict do nothing;

  insert into inventory_movements (id, item_id, branch_id, user_id, kind, quantity, unit_cost, moved_at, note,
    created_at, updated_at)
  select demo_uuid(p_seed, 'inventory_movements', i),
    demo_uuid(p_seed, 'inventory_items', case when i <= p_items then i else demo_index(p_seed, 240, i, p_items) end),
    demo_uuid(p_seed, 'branches', demo_index(p_seed, 241, i, 3)),
    demo_uuid(p_seed, 'profiles', demo_index(p_seed, 242, i, 18)),
    kind::movement_kind, case when kind = 'compra' then 100 + hash % 400 else -(1 + hash % 3) end,
    demo_price(p_seed, i) * 0.55, created, case when hash % 9 = 0 then 'Conteo de fin de mes' end,
    created, demo_updated(created, hash)
  from generate_series(1, p_patients * 2 + p_items) i
  cross join lateral (
    select demo_hash(p_seed, 243, i) as hash, demo_created(p_seed, 244, i) as created,
      case when i <= p_items then 'compra'
        else demo_pick(array['venta', 'venta', 'venta', 'ajuste', 'merma'], demo_hash(p_seed, 243, i)) end as kind
    offset 0) hashed
  on conflict do nothing;

  update inventory_items
  set stock = booked.quantity
  from (select item_id, sum(quantity) as quantity from inventory_movements group by item_id) booked
  where booked.item_id = id and stock <> booked.quantity;
end
$$;

create function demo_generate_leads(p_seed text, p_patients integer) returns void
language plpgsql security definer set search_path = public, pg_temp set session_replication_role = replica
set timezone = 'America/Tegucigalpa' as $$
begin
  insert into crm_leads (id, branch_id, stage_id, patient_id, owner_id, name, phone, source, score, tags, answers,
    created_at, updated_at)
  select demo_uuid(p_seed, 'crm_leads', i), demo_uuid(p_seed, 'branches', demo_index(p_seed, 300, i, 3)),
    demo_uuid(p_seed, 'crm_pipeline_stages', demo_index(p_seed, 301, i, 10)),
    case when i % 4 = 0 then demo_uuid(p_seed, 'patients', demo_index(p_seed, 302, i, p_patients)) end,
    demo_uuid(p_seed, 'profiles', demo_index(p_seed, 303, i, 18)),
    demo_first_name(hash) || ' ' || demo_last_name(demo_hash(p_seed, 305, i)), demo_phone(hash),
    demo_pick(array['Facebook', 'Recomendación', 'Campaña de salud visual', 'Sitio web'], hash),
    (hash % 10000) / 10000.0::float8, array[demo_pick(array['láser', 'lentes', 'control'], hash)],
    jsonb_build_object('usa_lentes', hash % 2 = 0, 'edad', 18 + hash % 50), created,
    case when i % 10 > 0 then demo_updated(created, hash) end
  from generate_series(1, (p_patients + 1) / 2) i
  cross join lateral (
    select demo_hash(p_seed, 304, i) as hash, demo_created(p_seed, 306, i) as created offset 0) hashed
  on conflict do nothing;
end
$$;

create function demo_generate(p_seed text, p_patients integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_items integer = least(greatest(10, p_patients / 10), 5000);
begin
  perform demo_generate_catalogue(p_seed, v_items);
  perform demo_generate_patients(p_seed, p_patients);
  perform demo_generate_visits(p_seed, p_patients);
  perform demo_generate_sales(p_seed, p_patients, v_items);
  perform demo_generate_leads(p_seed, p_patients);
  analyze patients, appointments, encounters, exam_eye, diagnoses, prescriptions, prescription_items, studies,
    study_files, invoices, invoice_items, payments, inventory_items, inventory_movements, crm_leads;
end
$$;
