// The dashboard: a reader of the HTTP API and nothing more. The key stays in this tab.
const element = id => document.getElementById(id);
const stage = location.pathname.replace(/\/$/, '');
let cursor = null;
let shownJob = null;
let tasks = [];

async function call(method, path, body) {
  const response = await fetch(stage + path, {
    method,
    headers: {
      Authorization: `Bearer ${sessionStorage.getItem('key') ?? ''}`,
      ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
    },
    body,
  });
  const text = await response.text();
  const json = text ? JSON.parse(text) : {};
  if (!response.ok) {
    throw new Error(`${json.title ?? response.status}: ${json.detail ?? ''}${json.field ? ` (${json.field})` : ''}`);
  }
  return json;
}

function tell(error) {
  element('problem').hidden = !error;
  element('problem').textContent = error ? error.message : '';
}

const guarded = action => async event => {
  event?.preventDefault?.();
  try {
    await action(event);
    tell(null);
  } catch (error) {
    tell(error);
  }
};

function cell(text, className) {
  const td = document.createElement('td');
  td.textContent = text;
  td.className = className ?? '';
  return td;
}

function stateMark(state) {
  const mark = document.createElement('span');
  mark.className = `state ${state}`;
  mark.textContent = state;
  return mark;
}

const clock = time => new Date(time).toLocaleString();

function took(job) {
  if (!job.startedAt) {
    return '';
  }
  const millis = new Date(job.finishedAt ?? Date.now()) - new Date(job.startedAt);
  return millis < 1000 ? `${Math.max(millis, 0)} ms` : `${(millis / 1000).toFixed(1)} s`;
}

async function showHealth() {
  const response = await fetch(`${stage}/v1/health`);
  element('health').textContent = response.ok ? 'up' : `not well: ${response.status}`;
}

async function showQueues() {
  const {queues} = await call('GET', '/v1/queues');
  element('queues').replaceChildren(...queues.map(queue => {
    const row = document.createElement('tr');
    row.append(cell(queue.pool), ...[queue.visible, queue.inFlight, queue.delayed, queue.deadLetters]
      .map(count => cell(count, 'number')));
    return row;
  }));
}

async function showTasks() {
  ({tasks} = await call('GET', '/v1/tasks'));
  for (const [id, first] of [['task', []], ['filter-task', [new Option('all', '')]]]) {
    element(id).replaceChildren(...first, ...tasks.map(task => new Option(task.name)));
  }
  showTask();
}

function showTask() {
  const task = tasks.find(({name}) => name === element('task').value);
  element('task-about').textContent = task
    ? `pool ${task.pool}, time-out ${task.timeoutSeconds} s, ${task.maxAttempts} attempts` : '';
  element('payload').value = JSON.stringify(task?.example ?? {}, (_, value) => value ?? undefined, 2);
}

async function showJobs(older) {
  const query = new URLSearchParams({limit: 25});
  for (const name of ['task', 'state', 'tag']) {
    const value = element(`filter-${name}`).value.trim();
    if (value) {
      query.set(name, value);
    }
  }
  if (older && cursor) {
    query.set('cursor', cursor);
  }
  const page = await call('GET', `/v1/jobs?${query}`);
  cursor = page.cursor ?? null;
  const rows = page.jobs.map(jobRow);
  if (older) {
    element('jobs').append(...rows);
  } else {
    element('jobs').replaceChildren(...rows);
  }
  element('more').hidden = !cursor;
  element('no-jobs').hidden = element('jobs').childElementCount > 0;
}

function jobRow(job) {
  const row = document.createElement('tr');
  const state = cell('');
  state.append(stateMark(job.state));
  const link = document.createElement('button');
  link.type = 'button';
  link.className = 'id';
  link.textContent = job.id;
  link.addEventListener('click', guarded(() => showJob(job.id)));
  const id = cell('');
  id.append(link);
  row.append(state, cell(job.task), id, cell(`${job.attempt}/${job.maxAttempts}`, 'number'), cell(clock(job.createdAt)), cell(took(job)));
  return row;
}

async function showJob(id) {
  const job = await call('GET', `/v1/jobs/${id}`);
  shownJob = id;
  element('job-section').hidden = false;
  element('job-title').replaceChildren(stateMark(job.state), ` ${job.task} `, job.id);
  element('job-about').textContent = [
    `attempt ${job.attempt} of ${job.maxAttempts}`,
    job.progress === undefined ? '' : `${job.progress} % done`,
    job.nextAttemptAt ? `next attempt ${clock(job.nextAttemptAt)}` : '',
    job.deadReason ? `dead: ${job.deadReason}` : '',
    job.cancelRequested ? 'cancellation asked for' : '',
    job.tags?.length ? `tags ${job.tags.join(', ')}` : '',
  ].filter(Boolean).join(' · ');
  element('history').replaceChildren(...job.history.map(step => {
    const item = document.createElement('li');
    item.append(stateMark(step.state), ` ${clock(step.at)}`);
    const why = document.createElement('span');
    why.className = 'why';
    why.textContent = [step.attempt ? `attempt ${step.attempt}` : '', step.by ? `by ${step.by}` : '', step.error ?? '']
      .filter(Boolean).map(text => ` · ${text}`).join('');
    item.append(why);
    return item;
  }));
  element('error-title').hidden = element('error').hidden = !job.error;
  element('error').textContent = job.error ? job.error.stack ?? `${job.error.type}: ${job.error.message}` : '';
  element('job-payload').textContent = job.payload === undefined ? 'kept apart, see /payload' : JSON.stringify(job.payload, null, 2);
  element('job-result').textContent = job.result === undefined ? 'none' : JSON.stringify(job.result, null, 2);
  element('cancel').disabled = ['SUCCEEDED', 'DEAD', 'CANCELLED'].includes(job.state);
  element('retry').disabled = job.state !== 'DEAD';
}

async function act(action) {
  await call('POST', `/v1/jobs/${shownJob}/${action}`, '{}');
  await Promise.all([showJob(shownJob), showJobs(false)]);
}

async function enter() {
  await showTasks();
  await Promise.all([showQueues(), showJobs(false)]);
  document.querySelector('main').hidden = false;
}

element('key-form').addEventListener('submit', guarded(async () => {
  sessionStorage.setItem('key', element('key').value.trim());
  element('key').value = '';
  await enter();
}));
element('task').addEventListener('change', showTask);
element('enqueue-form').addEventListener('submit', guarded(async () => {
  const delay = Number(element('delay').value);
  JSON.parse(element('payload').value); // a mistake is told here; the text itself is sent, number for number
  const job = await call('POST', '/v1/jobs',
    `{"task":${JSON.stringify(element('task').value)},"payload":${element('payload').value}${delay ? `,"delaySeconds":${delay}` : ''}}`);
  await Promise.all([showJob(job.id), showJobs(false)]);
}));
element('filter-form').addEventListener('submit', guarded(() => showJobs(false)));
element('more').addEventListener('click', guarded(() => showJobs(true)));
element('cancel').addEventListener('click', guarded(() => act('cancel')));
element('retry').addEventListener('click', guarded(() => act('retry')));

setInterval(() => {
  if (document.hidden || element('jobs').childElementCount > 25 || !sessionStorage.getItem('key')) {
    return;
  }
  guarded(async () => {
    await Promise.all([showQueues(), showJobs(false), shownJob && showJob(shownJob)]);
  })();
}, 3000);

showHealth().catch(tell);
if (sessionStorage.getItem('key')) {
  guarded(enter)();
}
