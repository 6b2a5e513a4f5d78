-- What people do in the demo, one function an act: reception in the clinic's database, the doctor in the cloud's.
-- Loaded into both by the demo; the same seed does the same. Each returns the words to tell it, NULL where nothing fits.

-- The two halves of the patients: notes of reception in the first, of the doctor in the second, so that only the
-- conflict that is shown happens.
create function demo_any_patient(p_seed text, p_half integer) returns patients language sql stable as $$
  select p
  from patients p
  where p.is_active
    and p.deleted_at is null
    and p.created_at < now() - interval '1 hour'
    and get_byte(uuid_send(p.id), 0) % 2 = p_half
  order by hashtextextended(p.id::text || p_seed, 0)
  limit 1
$$;

create function demo_number(p_seed text, p_salt integer) returns bigint language sql immutable as $$
  select demo_hash(p_seed, p_salt, 0)
$$;

-- Reception

create function demo_register_patient(p_seed text) returns text[] language sql as $$
  insert into patients (branch_id, first_name, last_name, identity_number, birth_date, gender, phone, city, department,
    emergency_contact, preferences)
  select
    (select id from branches order by code limit 1),
    demo_first_name(demo_number(p_seed, 1)),
    demo_last_name(demo_number(p_seed, 2)),
    '0801-' || 1940 + demo_number(p_seed, 3) % 80 || '-' || lpad((demo_number(p_seed, 4) % 100000)::text, 5, '0'),
    make_date((1940 + demo_number(p_seed, 3) % 80)::integer, (1 + demo_number(p_seed, 5) % 12)::integer, 15),
    demo_pick(array['F', 'M'], demo_number(p_seed, 6)),
    demo_phone(demo_number(p_seed, 7)),
    'Tegucigalpa',
    'Francisco Morazán',
    jsonb_build_object('telefono', demo_phone(demo_number(p_seed, 8)), 'parentesco', 'hermana'),
    json_build_object('recordatorio', 'whatsapp', 'idioma', 'es')
  returning array[full_name]
$$;

create function demo_book_appointment(p_seed text) returns text[] language sql as $$
  with doctor as (
    select p.id, p.full_name
    from profiles p
    join user_roles r on r.user_id = p.id
    where r.role = 'doctor'
    order by hashtextextended(p.id::text || p_seed, 0)
    limit 1
  ),
  booked as (
    insert into appointments (branch_id, patient_id, doctor_id, service_id, starts_at, reason)
    select
      p.branch_id,
      p.id,
      d.id,
      (select s.id from services s order by hashtextextended(s.id::text || p_seed, 0) limit 1),
      date_trunc('day', now()) + interval '32 hours' + interval '30 minutes' * (demo_number(p_seed, 10) % 16),
      'Control'
    from demo_any_patient(p_seed, 0) p
    cross join doctor d
    returning patient_id, starts_at
  )
  select array[p.full_name, to_char(b.starts_at, 'HH24:MI'), d.full_name]
  from booked b
  join patients p on p.id = b.patient_id
  cross join doctor d
$$;

create function demo_receive_patient(p_seed text) returns text[] language sql as $$
  update appointments a
  set status = 'en_espera'
  from patients p
  where p.id = a.patient_id
    and a.id = (
      select id
      from appointments
      where status = 'pendiente'
      order by hashtextextended(id::text || p_seed, 0)
      limit 1
    )
  returning array[p.full_name]
$$;

create function demo_confirm_appointment(p_seed text) returns text[] language sql as $$
  update appointments a
  set status = 'confirmada'
  from patients p
  where p.id = a.patient_id
    and a.id = (
      select id
      from appointments
      where status = 'pendiente'
      order by hashtextextended(id::text || p_seed, 0)
      limit 1
    )
  returning array[p.full_name]
$$;

create function demo_issue_invoice(p_seed text) returns text[] language sql as $$
  with service as (
    select s.id, s.name, s.price, round(s.price * s.tax_rate, 2) as tax
    from services s
    order by hashtextextended(s.id::text || p_seed, 0)
    limit 1
  ),
  issued as (
    insert into invoices (branch_id, patient_id, due_on, subtotal, tax, total)
    select p.branch_id, p.id, current_date + 30, s.price, s.tax, s.price + s.tax
    from demo_any_patient(p_seed, 0) p
    cross join service s
    returning id, patient_id, total
  ),
  items as (
    insert into invoice_items (invoice_id, service_id, description, unit_price)
    select i.id, s.id, s.name, s.price
    from issued i
    cross join service s
  )
  select array[p.full_name, to_char(i.total, 'FM999,990.00')]
  from issued i
  join patients p on p.id = i.patient_id
$$;

create function demo_take_payment(p_seed text) returns text[] language sql as $$
  with paid as (
    update invoices
    set status = 'pagada'
    where id = (
      select id
      from invoices
      where status = 'emitida'
      order by hashtextextended(id::text || p_seed, 0)
      limit 1
    )
    returning id, branch_id, patient_id, total
  ),
  taken as (
    insert into payments (invoice_id, branch_id, method, amount, details)
    select id, branch_id, 'efectivo', total, jsonb_build_object('moneda', 'HNL', 'recibido', total)
    from paid
  )
  select array[p.full_name, to_char(i.total, 'FM999,990.00')]
  from paid i
  join patients p on p.id = i.patient_id
$$;

create function demo_note_a_wish(p_seed text) returns text[] language sql as $$
  update patients p
  set notes = demo_pick(array['Prefiere cita por la tarde.', 'Pide que se le llame un día antes.',
      'Viene en silla de ruedas; sala de la planta baja.'], demo_number(p_seed, 11))
  from demo_any_patient(p_seed, 0) chosen
  where p.id = chosen.id
  returning array[p.full_name, p.notes]
$$;

create function demo_sell_item(p_seed text) returns text[] language sql as $$
  with sold as (
    insert into inventory_movements (item_id, branch_id, kind, quantity, unit_cost, note)
    select id, branch_id, 'venta', -1, cost, 'Venta en recepción'
    from inventory_items
    order by hashtextextended(id::text || p_seed, 0)
    limit 1
    returning item_id
  )
  select array[i.name]
  from sold s
  join inventory_items i on i.id = s.item_id
$$;

-- The doctor

create function demo_see_patient(p_seed text) returns text[] language sql as $$
  with visit as (
    update appointments
    set status = 'atendida'
    where id = (
      select id
      from appointments
      where status in ('en_espera', 'confirmada')
      order by status desc, hashtextextended(id::text || p_seed, 0)
      limit 1
    )
    returning id, branch_id, patient_id, doctor_id
  ),
  seen as (
    insert into encounters (branch_id, appointment_id, patient_id, doctor_id, complaint, findings, plan)
    select branch_id, id, patient_id, doctor_id, 'Visión borrosa', jsonb_build_object('camara_anterior', 'formada'),
      'Control en seis meses'
    from visit
    returning id, patient_id
  ),
  eyes as (
    insert into exam_eye (encounter_id, eye, sphere, cylinder, axis, visual_acuity, pressure)
    select id, eye, -1.25, -0.50, 90, '20/40', 14.5
    from seen
    cross join unnest('{OD,OI}'::eye_side[]) as eye
  ),
  diagnosed as (
    insert into diagnoses (encounter_id, code, description, eye, is_primary)
    select id, d[1], d[2], 'AO', true
    from seen
    cross join lateral (
      select string_to_array(demo_pick(array['H52.1/Miopía', 'H52.2/Astigmatismo', 'H04.1/Ojo seco', 'H40.1/Glaucoma'],
        demo_number(p_seed, 20)), '/') as d
    ) chosen
    returning description
  )
  select array[p.full_name, d.description]
  from seen s
  join patients p on p.id = s.patient_id
  cross join diagnosed d
$$;

create function demo_prescribe(p_seed text) returns text[] language sql as $$
  with written as (
    insert into prescriptions (encounter_id, patient_id, doctor_id, valid_until, notes)
    select id, patient_id, doctor_id, current_date + 90, 'Agitar antes de usar'
    from encounters
    order by created_at desc, id
    limit 1
    returning id, patient_id
  ),
  item as (
    insert into prescription_items (prescription_id, medication, dose, every, days, eye)
    select id,
      demo_pick(array['Timolol 0.5 %', 'Lágrimas artificiales', 'Moxifloxacina 0.5 %', 'Latanoprost 0.005 %'],
        demo_number(p_seed, 21)),
      '1 gota', interval '8 hours', 10, 'AO'
    from written
    returning medication
  )
  select array[p.full_name, i.medication]
  from written w
  join patients p on p.id = w.patient_id
  cross join item i
$$;

create function demo_refer(p_seed text) returns text[] language sql as $$
  with referred as (
    insert into referrals (patient_id, referred_to, reason)
    select id, 'Hospital San Felipe, servicio de retina', 'Segunda opinión'
    from demo_any_patient(p_seed, 1)
    returning patient_id
  )
  select array[p.full_name]
  from referred r
  join patients p on p.id = r.patient_id
$$;

create function demo_note_a_finding(p_seed text) returns text[] language sql as $$
  update patients p
  set ocular_history = demo_pick(array['Catarata incipiente en ojo izquierdo.', 'Fondo de ojo normal.',
      'Presión ocular controlada con tratamiento.'], demo_number(p_seed, 22))
  from demo_any_patient(p_seed, 1) chosen
  where p.id = chosen.id
  returning array[p.full_name, p.ocular_history]
$$;

-- Both

create function demo_change_phone(p_seed text, p_patient uuid) returns text[] language sql as $$
  update patients
  set phone = demo_phone(demo_number(p_seed, 30))
  where id = p_patient
  returning array[full_name, phone]
$$;
