// The console's page: shows what the service tells, live, and asks before it has anything done.
const language = localStorage.getItem('language') === 'en' ? 'en' : 'es';
const number = new Intl.NumberFormat(language + '-HN');
const size = new Intl.NumberFormat(language + '-HN', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(language + '-HN', { style: 'percent', maximumFractionDigits: 1 });
const time = new Intl.DateTimeFormat(language === 'es' ? 'es-HN' : 'en-GB', {
  timeZone: 'America/Tegucigalpa', hourCycle: 'h23', day: '2-digit', month: '2-digit', year: 'numeric',
  hour: '2-digit', minute: '2-digit', second: '2-digit',
});
const hourOfDay = new Intl.DateTimeFormat(language + '-HN', { timeZone: 'America/Tegucigalpa', hour: 'numeric' });
const SIGNS = { supabase: '☁', local: '⌂', offline: '✕' };
const MERGEABLE = ['update_update', 'insert_insert'];
const SLOW_MILLIS = 30000;
const SOON_MILLIS = 3000;
const TOLD_MILLIS = 30000;

let texts = {};
let latest = null;
let counted = '';
let returnTo = [];
let awaitsBackup = false;
let forgets = 0;

const at = id => document.getElementById(id);
const t = (key, ...values) => values.reduce(
  (text, value, place) => text.replaceAll(`{${place}}`, value), texts[key] ?? key);
const when = stamp => stamp ? time.format(new Date(stamp)) : t('console.never');
const known = (key, word) => texts[`${key}.${word}`] ?? word;

/** An element with its children; a text child never becomes markup. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== false) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.filter(child => child !== null));
  return made;
}

function duration(seconds) {
  if (seconds === null) {
    return t('console.never');
  }
  if (seconds < 120) {
    return t('console.seconds', number.format(seconds));
  }
  if (seconds < 7200) {
    return t('console.minutes', number.format(Math.round(seconds / 60)));
  }
  return seconds < 172800
    ? t('console.hours', number.format(Math.round(seconds / 360) / 10))
    : t('console.days', number.format(Math.round(seconds / 86400)));
}

const megabytes = bytes => t('console.size', size.format(bytes / 1e6));

/** How an element that is made anew is known again: by what it is about. */
const selector = shown => [...shown?.attributes ?? []].filter(({ name }) => name.startsWith('data-'))
  .map(({ name, value }) => `[${name}="${CSS.escape(value)}"]`).join('');

function focusAgain(shown) {
  const again = shown?.isConnected ? shown : selector(shown) ? document.querySelector(selector(shown)) : null;
  (again ?? at('main')).focus();
}

/** Shows what is new in a place; whoever reads there keeps the keyboard's place and what was opened. */
function render(place, ...children) {
  const focused = at(place).contains(document.activeElement) ? document.activeElement : null;
  const opened = [...at(place).querySelectorAll('details[open]')].map(selector);
  at(place).replaceChildren(...children);
  opened.filter(found => found).forEach(found => at(place).querySelector(found)?.setAttribute('open', ''));
  if (focused && !focused.isConnected && selector(focused)) {
    at(place).querySelector(selector(focused))?.focus({ preventScroll: true });
  }
}

/** The keyboard goes back to where it was when the dialog ends. */
function openDialog(dialog) {
  returnTo.push(document.activeElement);
  dialog.showModal();
}

/** Where the person is: in the dialog, else at the edge of the screen, wherever the page was scrolled to. What failed stays. */
function tell(text, isWrong = false) {
  const place = at(at('row').open ? 'row-told' : 'told');
  place.textContent = text;
  place.classList.toggle('wrong', isWrong);
  clearTimeout(forgets);
  forgets = isWrong ? 0 : setTimeout(() => {
    at('told').textContent = '';
  }, TOLD_MILLIS);
}

function details(name, summary, ...children) {
  return element('details', { 'data-details': name },
    element('summary', { 'data-summary': name }, summary), ...children);
}

async function ask(path, body) {
  const answer = await fetch(path, {
    method: body ? 'POST' : 'GET',
    headers: {
      'Accept-Language': language,
      'Console-Person': encodeURIComponent(localStorage.getItem('person') ?? ''),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  if (answer.status === 401) {
    location.reload();
  }
  const told = await answer.json();
  if (!answer.ok) {
    throw new Error(told.message);
  }
  return told;
}

function table(headings, rows) {
  return element('table', {},
    element('thead', {}, element('tr', {}, ...headings.map(([text, kind]) =>
      element('th', { scope: 'col', class: kind ?? '' }, text)))),
    element('tbody', {}, ...rows));
}

const cell = (text, kind) => element('td', { class: kind ?? '' }, text);
const count = value => cell(number.format(value), 'number');
const nothing = key => element('p', { class: 'soft' }, t(key));

function showMode(status) {
  at('mode').className = `mode ${status.mode}`;
  at('mode-sign').textContent = SIGNS[status.mode] ?? '?';
  at('mode-name').textContent = known('status.mode', status.mode);
  at('mode-reason').textContent = t('console.since', known('status.reason', status.reason), when(status.since));
  at('mode-problem').hidden = !status.clinic_problem;
  at('mode-problem').textContent = status.clinic_problem ? t('console.clinic-problem', status.clinic_problem) : '';
  const isPaused = status.reason === 'paused-by-person';
  for (const [action, isHidden] of [['pause', isPaused], ['resume', !isPaused], ['sync', isPaused]]) {
    document.querySelector(`[data-action=${action}]`).hidden = isHidden;
  }
}

function figure(key, value, kind) {
  return element('div', {}, element('dt', {}, t(key)), element('dd', { class: kind ?? '' }, value));
}

function showFigures(status, day) {
  const backlog = [['console.backlog.up', status.backlog_up], ['console.backlog.down', status.backlog_down]]
    .filter(([, left]) => left)
    .map(([key, left]) => figure(key, t('console.backlog.left', number.format(left.left),
      left.minutes_left === null ? '?' : number.format(left.minutes_left)), 'long'));
  const files = status.files
    ? [figure('console.files.complete', status.files.study_files === null
      ? number.format(status.files.in_folder)
      : t('console.files.of', number.format(status.files.study_files_complete), number.format(status.files.study_files)), 'long'),
    figure('console.files.waiting', t('console.files.down-up',
      number.format(status.files.waiting_down), number.format(status.files.waiting_up)))]
    : [];
  at('figures').replaceChildren(
    figure('console.last-pass', when(status.last_pass), 'long'),
    figure('console.pending', number.format(status.pending)),
    figure('console.down-today', day ? number.format(day.rows_down_today) : '…'),
    figure('console.held', number.format(status.held)),
    figure('console.refused', number.format(status.quarantine)),
    ...files,
    ...backlog);
}

function showTables(status) {
  const rows = status.tables.map(line => element('tr', {},
    element('th', { scope: 'row' }, line.name),
    cell(line.active ? line.loaded ? duration(line.lag_seconds) : t('console.loading') : t('console.left-out'), 'number'),
    count(line.rows_down), count(line.rows_up), count(line.pending),
    cell(line.last_error ?? t('console.no-error'), line.last_error ? 'wrong' : 'soft'),
    element('td', {}, element('button', {
      type: 'button', 'data-table': line.name, 'aria-label': t('console.table.more-of', line.name), onclick: () => showTable(line),
    }, t('console.table.more')))));
  render('tables', table([
    [t('console.table.name')], [t('console.table.lag'), 'number'], [t('console.table.down'), 'number'],
    [t('console.table.up'), 'number'], [t('console.table.pending'), 'number'], [t('console.table.error')],
    [t('console.table.actions')],
  ], rows));
}

function openRow(title, text, content, ...actions) {
  at('row-title').textContent = title;
  at('row-text').textContent = text;
  at('row-told').textContent = '';
  at('row-content').replaceChildren(content);
  at('row-actions').replaceChildren(...actions, element('button', {
    type: 'button', onclick: () => at('row').close(),
  }, t('console.close')));
  if (at('row').open) {
    at('row-content').focus();
  } else {
    openDialog(at('row'));
  }
}

async function showTable(line) {
  const hours = await ask(`/api/tables/${encodeURIComponent(line.name)}/history`);
  const most = Math.max(1, ...hours.map(hour => hour.rows_down + hour.rows_up));
  const bars = element('div', { class: 'hours', 'aria-hidden': 'true' }, ...hours.map(hour => element('span', {
    class: hour.errors ? 'bad' : `h${Math.ceil((hour.rows_down + hour.rows_up) / most * 5)}`,
  })));
  const rows = hours.filter(hour => hour.rows_down + hour.rows_up + hour.errors > 0).map(hour => element('tr', {},
    element('th', { scope: 'row' }, hourOfDay.format(new Date(hour.hour))),
    count(hour.rows_down), count(hour.rows_up), count(hour.errors)));
  openRow(t('console.table.of', line.name), t('console.table.history'), element('div', {}, bars, table([
    [t('console.table.hour')], [t('console.table.down'), 'number'], [t('console.table.up'), 'number'],
    [t('console.table.errors'), 'number'],
  ], rows)),
  actionButton('reload', line.name), actionButton('accept-deletes', line.name));
}

function actionButton(action, tableName) {
  return element('button', {
    type: 'button', 'data-do': action, onclick: () => act(action, tableName),
  }, t(`console.action.${action}`));
}

/** Asks who and why; resolves to the reason, or to null where the person would rather not. */
function confirmed(title, text, yes, needsReason = true) {
  at('ask-title').textContent = title;
  at('ask-text').textContent = text;
  at('ask-yes').textContent = yes;
  at('ask-person').value = localStorage.getItem('person') ?? '';
  at('ask-reason').value = '';
  at('ask-reason').required = needsReason;
  at('ask-why').hidden = !needsReason;
  at('ask').returnValue = '';
  openDialog(at('ask'));
  return new Promise(resolve => at('ask').addEventListener('close', () => {
    if (at('ask').returnValue !== 'yes') {
      resolve(null);
    } else {
      localStorage.setItem('person', at('ask-person').value.trim());
      resolve(at('ask-reason').value.trim());
    }
  }, { once: true }));
}

async function act(action, tableName) {
  const reason = await confirmed(
    t(`console.action.${action}`), t(`console.action.${action}.text`, tableName ?? ''), t('console.ask.yes'));
  if (reason === null) {
    return;
  }
  try {
    await ask('/api/actions', { action, reason, ...(tableName ? { table: tableName } : {}) });
    tell(t('console.action.done'));
  } catch (refusal) {
    tell(refusal.message, true);
  }
  loadSlow();
}

async function named() {
  return localStorage.getItem('person')
    || await confirmed(t('console.ask.who'), t('console.ask.who.text'), t('console.ask.yes'), false) !== null;
}

function showAlerts(alerts) {
  const line = alert => element('div', { class: 'item' },
    element('strong', {}, `${alert.severity_text}: ${alert.title}`),
    element('p', {}, alert.text),
    element('p', { class: 'soft' }, alert.ended_at
      ? t('console.from-to', when(alert.since), when(alert.ended_at)) : t('console.since-then', when(alert.since))));
  render('alerts', 
    ...alerts.open.map(line),
    alerts.open.length ? '' : nothing('console.alerts.none'),
    ...alerts.failing.map(channel => element('p', { class: 'wrong' },
      t('console.alerts.failing', channel.channel, number.format(channel.waiting), channel.reason))),
    alerts.ended.length
      ? details('alerts', t('console.alerts.ended'), ...alerts.ended.map(line)) : '');
}

function showConflicts(conflicts) {
  if (!conflicts.length) {
    render('conflicts', nothing('console.conflicts.none'));
    return;
  }
  render('conflicts', element('div', { class: 'wide', tabindex: 0, role: 'group', 'aria-labelledby': 'conflicts-title' },
    table([
      [t('console.conflict.when')], [t('console.table.name')], [t('console.conflict.what')],
      [t('console.conflict.stands')], [t('console.table.actions')],
    ], conflicts.map(conflict => element('tr', {},
      cell(when(conflict.created_at)), cell(conflict.table_name), cell(known('conflict.kind', conflict.kind)),
      cell(known('conflict.winner', conflict.resolution ?? 'none')),
      element('td', {}, element('button', {
        type: 'button', 'data-conflict': conflict.id,
        'aria-label': t('console.conflict.look-at', conflict.id), onclick: () => showConflict(conflict.id),
      }, t('console.look'))))))));
}

function value(found) {
  return found === null || found === undefined ? '–' : typeof found === 'object' ? JSON.stringify(found) : String(found);
}

/** One version of a column; where the person puts a row together, with a button to take it. */
function version(column, side, isOther, isMerging) {
  const found = side === 'local' ? column.clinic : column.cloud;
  const shown = isOther ? `● ${value(found)}` : value(found);
  const isTaken = side === 'local' ? !column.changed_by_cloud : !column.changed_by_clinic;
  return element('td', { class: isOther ? 'value other' : 'value' }, isMerging
    ? element('label', { class: 'take' }, element('input', {
      type: 'radio', name: `take ${column.name}`, value: side, 'data-column': column.name, ...(isTaken ? { checked: '' } : {}),
    }), shown)
    : shown);
}

function merged(versions) {
  const taken = [...at('row-content').querySelectorAll('input:checked')];
  return versions.columns.every(column => taken.some(input => input.dataset.column === column.name))
    ? Object.fromEntries(taken.map(input => [input.dataset.column, input.value])) : null;
}

async function showConflict(id, isMerging = false) {
  if (!await named()) {
    return;
  }
  try {
    const versions = await ask(`/api/conflicts/${id}`);
    const content = table([
      [t('console.conflict.column')], [t('console.conflict.base')], [t('console.conflict.clinic')], [t('console.conflict.cloud')],
    ], versions.columns.map(column => element('tr', {},
      element('th', { scope: 'row' }, column.name), element('td', { class: 'value' }, value(column.base)),
      version(column, 'local', column.changed_by_clinic, isMerging),
      version(column, 'remote', column.changed_by_cloud, isMerging))));
    const decided = versions.resolution
      ? t('console.conflict.decided', known('conflict.winner', versions.resolution), versions.resolved_by, when(versions.resolved_at))
      : t('console.conflict.open');
    const keep = side => element('button', {
      type: 'button', class: 'first', 'data-keep': side, onclick: () => resolveConflict(versions, side),
    }, t(`console.conflict.keep-${side}`));
    const merge = element('button', { type: 'button', 'data-merge': id, onclick: () => showConflict(id, true) }, t('console.conflict.merge'));
    const sides = versions.kind === 'file' ? [] : isMerging ? ['merged'] : ['local', 'remote'].filter(side => side !== versions.resolution);
    openRow(t('console.conflict.of', id, versions.table_name),
      `${known('conflict.kind', versions.kind)}. ${decided} ${t('console.conflict.equal', number.format(versions.equal_columns))}`,
      content, ...sides.map(keep), ...(!isMerging && MERGEABLE.includes(versions.kind) ? [merge] : []));
  } catch (refusal) {
    tell(refusal.message, true);
  }
}

async function resolveConflict(versions, keep) {
  const { id, version } = versions;
  const columns = keep === 'merged' ? merged(versions) : undefined;
  if (columns === null) {
    tell(t('console.conflict.take-each'), true);
    return;
  }
  const reason = await confirmed(
    t(`console.conflict.keep-${keep}`), t(`console.conflict.keep-${keep}.text`), t('console.ask.yes'));
  if (reason === null) {
    return;
  }
  try {
    await ask(`/api/conflicts/${id}/resolve`, { keep, columns, version, reason });
    at('row').close();
    tell(t('console.conflict.done', id));
  } catch (refusal) {
    await showConflict(id);
    tell(refusal.message, true);
  }
  loadSlow();
}

function showQuarantine(rows) {
  if (!rows.length) {
    render('quarantine', nothing('console.quarantine.none'));
    return;
  }
  const line = row => element('div', { class: 'item' },
    element('p', {}, element('strong', {}, row.table_name), ` ${t(`console.quarantine.${row.direction.toLowerCase()}`)} `,
      element('span', { class: 'soft' }, row.record_id)),
    element('p', {}, row.reason ?? row.code ?? ''),
    element('p', { class: 'soft' }, t('console.quarantine.tries', number.format(row.attempts), when(row.first_at), when(row.last_at))),
    row.given_up_at
      ? element('p', {}, t('console.quarantine.given-up-by', row.given_up_by, when(row.given_up_at), row.given_up_reason)) : null,
    element('div', { class: 'actions' },
      element('button', {
        type: 'button', 'data-refused': row.id, 'aria-label': t('console.quarantine.look-at', row.id), onclick: () => showRefused(row),
      }, t('console.look')),
      element('button', {
        type: 'button', 'data-again': row.id, 'aria-label': t('console.quarantine.again-of', row.id),
        onclick: () => decideRefused(row, 'retry', 'again', 'again.text'),
      }, t('console.quarantine.again')),
      row.given_up_at ? null : element('button', {
        type: 'button', 'data-give-up': row.id, 'aria-label': t('console.quarantine.give-up-of', row.id),
        onclick: () => decideRefused(row, 'give-up', 'give-up', `give-up.${row.direction.toLowerCase()}`),
      }, t('console.quarantine.give-up'))));
  const refused = rows.filter(row => !row.given_up_at);
  const givenUp = rows.filter(row => row.given_up_at);
  render('quarantine', 
    ...(refused.length ? refused.map(line) : [nothing('console.quarantine.none')]),
    givenUp.length
      ? details('given-up', t('console.quarantine.given-up', number.format(givenUp.length)), ...givenUp.map(line)) : '');
}

async function showRefused(row) {
  if (!await named()) {
    return;
  }
  try {
    const cells = await ask(`/api/quarantine/${row.id}`);
    openRow(t('console.quarantine.of', row.table_name), row.reason ?? row.code ?? '', table(
      [[t('console.conflict.column')], [t('console.quarantine.value')]],
      cells.map(found => element('tr', {}, element('th', { scope: 'row' }, found.name), cell(value(found.value), 'value')))));
  } catch (refusal) {
    tell(refusal.message, true);
  }
}

async function decideRefused(row, address, title, text) {
  const reason = await confirmed(
    t(`console.quarantine.${title}`), t(`console.quarantine.${text}`, row.table_name), t('console.ask.yes'));
  if (reason === null) {
    return;
  }
  try {
    const done = await ask(`/api/quarantine/${row.id}/${address}`, { reason, version: row.version });
    tell(done.conflict ? t('console.quarantine.give-up.kept', done.conflict) : t('console.action.done'));
  } catch (refusal) {
    tell(refusal.message, true);
  }
  loadSlow();
}

function wide(name, content) {
  return element('div', { class: 'wide', tabindex: 0, role: 'group', 'aria-labelledby': `${name}-title`, 'data-wide': name }, content);
}

/** Asks first, then has it done; what came of it is told where the page tells such things. */
async function wish(path, title, text, body, done = 'console.action.done') {
  const reason = await confirmed(title, text, t('console.ask.yes'));
  if (reason === null) {
    return;
  }
  try {
    await ask(path, { ...body, reason });
    tell(t(done));
  } catch (refusal) {
    tell(refusal.message, true);
  }
  loadSlow();
}

function copied(backup) {
  return backup.copied === null ? t('console.unknown') : t(backup.copied ? 'console.yes' : 'console.no');
}

function showBackups(told) {
  if (!told.on) {
    render('backups', nothing('console.backups.off'));
    return;
  }
  if (told.under_way && !awaitsBackup) {
    awaitsBackup = true;
    setTimeout(() => {
      awaitsBackup = false;
      load('backups');
    }, SOON_MILLIS);
  }
  const rows = told.backups.map(backup => element('tr', {},
    element('th', { scope: 'row' }, when(backup.made_at)),
    cell(duration(backup.age_seconds), 'number'), cell(megabytes(backup.bytes), 'number'), count(backup.rows),
    cell(known('console.backups.kind', backup.kind)),
    cell(backup.proved ? t('console.yes') : t('console.backups.not-proved', backup.problem ?? '?'), backup.proved ? '' : 'wrong'),
    ...(told.copy_folder ? [cell(copied(backup), backup.copied === false ? 'wrong' : '')] : [])));
  render('backups',
    told.overdue
      ? element('p', { class: 'wrong' }, t('console.backups.overdue', number.format(told.max_age_hours), when(told.last_proved_at)))
      : element('p', {}, t('console.backups.fine', when(told.last_proved_at))),
    told.last?.problem ? element('p', { class: 'wrong' }, t('console.backups.failed', when(told.last.at), told.last.problem)) : '',
    told.under_way ? element('p', {}, t('console.backups.under-way')) : '',
    element('div', { class: 'actions' }, element('button', {
      type: 'button', 'data-backup': 'now',
      onclick: () => wish('/api/backups/now', t('console.backups.now'), t('console.backups.now.text'), {}, 'console.backups.begun'),
    }, t('console.backups.now'))),
    rows.length ? wide('backups', table([
      [t('console.conflict.when')], [t('console.backups.age'), 'number'], [t('console.backups.size'), 'number'],
      [t('console.backups.rows'), 'number'], [t('console.backups.kind')], [t('console.backups.proved')],
      ...(told.copy_folder ? [[t('console.backups.copied')]] : []),
    ], rows)) : nothing('console.backups.none'),
    element('p', { class: 'soft' }, told.copy_folder
      ? t('console.backups.places', told.folder, told.copy_folder) : t('console.backups.place', told.folder)));
}

/** Asks about a bucket; how many files the person sees goes with the answer. */
function bucketButton(bucket, action, rows) {
  const name = t(`console.files.${action}`);
  return element('button', {
    type: 'button', 'data-bucket': bucket.bucket, 'data-wish': action, 'aria-label': t('console.files.action-of', name, bucket.bucket),
    onclick: () => wish(`/api/buckets/${encodeURIComponent(bucket.bucket)}`, name,
      t(`console.files.${action}.text`, bucket.bucket, number.format(rows)), { action, rows }),
  }, name);
}

function bucketTroubles(bucket) {
  return [['cloud-problem', bucket.cloud_problem], ['folder-problem', bucket.folder_problem]]
    .filter(([, problem]) => problem)
    .map(([key, problem]) => element('p', { class: 'wrong' }, t(`console.files.${key}`, bucket.bucket, problem)))
    .concat([['gone', 'accept-deletes'], ['changed', 'accept-changes']]
      .filter(([waits]) => bucket[waits] > 0)
      .map(([waits, action]) => element('div', { class: 'item' },
        element('p', { class: 'wrong' }, t(`console.files.${waits}`, bucket.bucket, number.format(bucket[waits]))),
        element('div', { class: 'actions' }, bucketButton(bucket, action, bucket[waits])))));
}

function refusedFile(file) {
  const next = file.code === 'too-large' ? t('console.never')
    : file.next_attempt_at ? when(file.next_attempt_at) : t('console.files.next.now');
  return element('div', { class: 'item' },
    element('p', {}, element('strong', {}, t('console.files.one', file.bucket, known('console.files.way', file.work), megabytes(file.size))),
      ' ', element('span', { class: 'soft' }, file.id)),
    element('p', {}, file.reason),
    element('p', { class: 'soft' }, t('console.files.tries', number.format(file.attempts), when(file.failed_at), next)),
    element('div', { class: 'actions' },
      element('button', {
        type: 'button', 'data-file-name': file.id, 'aria-label': t('console.files.name-of', file.id), onclick: () => showFile(file),
      }, t('console.files.name')),
      file.code === 'too-large' ? null : element('button', {
        type: 'button', 'data-file-again': file.id, 'aria-label': t('console.files.again-of', file.id),
        onclick: () => wish(`/api/files/${file.id}/retry`, t('console.files.again'), t('console.files.again.text'), {}),
      }, t('console.files.again'))));
}

function showFiles(told) {
  if (!told.on) {
    render('files', nothing('console.files.off'));
    return;
  }
  const waiting = (files, bytes) => cell(t('console.files.count-size', number.format(files), megabytes(bytes)), 'number');
  render('files',
    told.study_files_complete === null ? '' : element('p', {}, t('console.files.rows',
      number.format(told.study_files_complete), number.format(told.study_files_incomplete))),
    wide('files', table([
      [t('console.files.bucket')], [t('console.files.here'), 'number'], [t('console.files.size'), 'number'],
      [t('console.files.down'), 'number'], [t('console.files.up'), 'number'], [t('console.files.refused'), 'number'],
      [t('console.files.looked')], [t('console.table.actions')],
    ], told.buckets.map(bucket => element('tr', {},
      element('th', { scope: 'row' }, bucket.bucket),
      count(bucket.complete), cell(megabytes(bucket.bytes), 'number'),
      waiting(bucket.waiting_down, bucket.bytes_down), waiting(bucket.waiting_up, bucket.bytes_up), count(bucket.refused),
      cell(t('console.files.both', when(bucket.listed_at), when(bucket.looked_at))),
      element('td', {}, told.refused.some(file => file.bucket === bucket.bucket && file.code !== 'too-large')
        ? bucketButton(bucket, 'retry', bucket.refused) : '–'))))),
    ...told.buckets.flatMap(bucketTroubles),
    told.left_out > 0 ? element('p', { class: 'wrong' }, t('console.files.left-out', number.format(told.left_out))) : '',
    told.refused.length
      ? details('files', t('console.files.details', number.format(told.refused.length)), ...told.refused.map(refusedFile)) : '');
}

async function showFile(file) {
  if (!await named()) {
    return;
  }
  try {
    const found = await ask(`/api/files/${file.id}`);
    openRow(t('console.files.file-of', found.bucket), file.reason, table(
      [[t('console.files.in-cloud')], [t('console.files.in-folder')]],
      [element('tr', {}, cell(found.name, 'value'), cell(found.local_name, 'value'))]));
  } catch (refusal) {
    tell(refusal.message, true);
  }
}

function showLine(day) {
  const watched = Math.max(1, day.watched_seconds);
  render('line', 
    element('p', {}, t('console.line.day', percent.format(day.cloud_seconds / watched), percent.format(day.slow_seconds / watched),
      number.format(day.outages), duration(day.longest_outage_seconds))),
    details('line', t('console.line.stretches'),
      element('div', { class: 'wide', tabindex: 0, role: 'group', 'aria-labelledby': 'line-title' }, table(
        [[t('console.line.from')], [t('console.line.to')], [t('console.line.mode')], [t('console.line.why')]],
        day.stretches.map(stretch => element('tr', {}, cell(when(stretch.begun_at)), cell(when(stretch.ended_at)),
          cell(known('status.mode', stretch.mode)), cell(known('status.reason', stretch.reason))))))));
}

function showAudit(entries) {
  render('audit', entries.length ? table([
    [t('console.conflict.when')], [t('console.audit.who')], [t('console.audit.what')], [t('console.audit.of')], [t('console.audit.why')],
  ], entries.map(entry => element('tr', {},
    cell(when(entry.at)), cell(`${entry.person} (${entry.address})`), cell(known('console.audit', entry.action)),
    cell([entry.subject, entry.table_name, entry.record_id].filter(Boolean).join(' ')), cell(entry.reason ?? '–'))))
    : nothing('console.audit.none'));
}

let day = null;

/** What is not part of the live status, and how it is shown. */
const SLOW = {
  alerts: showAlerts,
  conflicts: showConflicts,
  quarantine: showQuarantine,
  backups: showBackups,
  files: showFiles,
  day: today => {
    day = today;
    showLine(today);
  },
  audit: showAudit,
};

/** What cannot be told leaves the rest as it is. */
async function load(name) {
  try {
    SLOW[name](await ask(`/api/${name}`));
  } catch (refusal) {
    render(name === 'day' ? 'line' : name, element('p', { class: 'wrong' }, t('console.refused-by-server', refusal.message)));
  }
}

/** Asked for when its counts change, and now and then. */
async function loadSlow() {
  await Promise.all(Object.keys(SLOW).map(load));
  if (latest) {
    showFigures(latest, day);
  }
}

function show(status) {
  latest = status;
  showMode(status);
  showFigures(status, day);
  showTables(status);
  const files = status.files ?? {};
  const counts = [status.conflicts, status.held, status.quarantine, status.reason, status.alerts.map(alert => alert.key),
    files.refused, files.gone, files.changed, files.left_out].join();
  if (counts !== counted) {
    counted = counts;
    loadSlow();
  }
}

function listen() {
  const events = new EventSource('/api/events?language=' + language);
  events.onmessage = event => {
    at('lost').hidden = true;
    show(JSON.parse(event.data));
  };
  events.onerror = () => {
    at('lost').hidden = false;
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(listen, 2000);
    }
  };
}

function prepare() {
  document.documentElement.lang = language;
  for (const shown of document.querySelectorAll('[data-text]')) {
    shown.textContent = t(shown.dataset.text);
  }
  at('language').textContent = language === 'es' ? 'English' : 'Español';
  at('language').lang = language === 'es' ? 'en' : 'es';
  at('language').addEventListener('click', () => {
    localStorage.setItem('language', language === 'es' ? 'en' : 'es');
    location.reload();
  });
  at('logout').addEventListener('click', () => ask('/api/logout', {}).then(() => location.reload()));
  at('ask-form').addEventListener('submit', event => {
    event.preventDefault();
    at('ask').close('yes');
  });
  for (const dialog of [at('ask'), at('row')]) {
    dialog.addEventListener('close', () => focusAgain(returnTo.pop()));
  }
  at('ask-no').addEventListener('click', () => at('ask').close('no'));
  for (const button of document.querySelectorAll('[data-action]')) {
    button.addEventListener('click', () => act(button.dataset.action));
  }
}

texts = await ask('/api/texts');
prepare();
listen();
setInterval(loadSlow, SLOW_MILLIS);
