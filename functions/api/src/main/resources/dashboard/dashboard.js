// The dashboard: a reader of the HTTP API and nothing more. The key stays in this tab.
const element = id => document.getElementById(id);
const stage = location.pathname.replace(/\/$/, '');
const problems = new Map(); // by what failed: each stays until it is dismissed, or until the same succeeds
let cursor = null;
let shownJob = null;
let tasks = [];
let queues = [];
let dead = {byTask: new Map(), atLeast: false};
let refreshing = false;

// ---- JSON, with every number as it was written

// JSON.parse rounds: 9007199254740993 becomes …992, and 1e400 Infinity. A number that does not survive is marked as a string
// before it is parsed, and written as it was wherever it is shown. The mark is drawn: no payload contains it.
const MARK = `exact-${crypto.getRandomValues(new Uint32Array(4)).join('-')}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');
const TOKEN = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

class Exact {
  constructor(source) {
    this.source = source;
  }

  toString() {
    return this.source;
  }

  toJSON() {
    return MARK + this.source;
  }
}

const survives = number => String(Number(number)) === number;

export function parse(text) {
  const marked = text.replace(TOKEN, token => token.startsWith('"') || survives(token) ? token : `"${MARK}${token}"`);
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? new Exact(value.slice(MARK.length)) : value);
}

export const pretty = value => JSON.stringify(value, null, 2).replace(MARKED, '$1');

// ---- calls, and what became of them

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
  const json = text ? parse(text) : {};
  if (!response.ok) {
    throw new Error(`${json.title ?? response.status}: ${json.detail ?? ''}${json.field ? ` (${json.field})` : ''}`);
  }
  return json;
}

function report(source, message) {
  if (problems.get(source) === message) {
    return;
  }
  if (message) {
    problems.set(source, message);
  } else {
    problems.delete(source);
  }
  element('problems').replaceChildren(...[...problems].map(([failed, why]) => {
    const line = document.createElement('p');
    const dismiss = button('×', () => report(failed));
    dismiss.ariaLabel = 'Dismiss';
    line.append(text('span', `${failed}: ${why}`), dismiss);
    return line;
  }));
}

const guarded = (source, action) => async event => {
  event?.preventDefault?.();
  try {
    await action(event);
    report(source);
  } catch (error) {
    report(source, error.message);
  }
};

// ---- pieces of the page

function text(tag, content, className) {
  const made = document.createElement(tag);
  made.textContent = content;
  made.className = className ?? '';
  return made;
}

function button(content, action) {
  const made = text('button', content, 'plain');
  made.type = 'button';
  made.addEventListener('click', action);
  return made;
}

const stateMark = state => text('span', state, `state ${state}`);
const pausedMark = () => text('span', 'paused', 'paused');
const clock = time => new Date(time).toLocaleString(undefined,
  {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});

function took(job) {
  if (!job.startedAt) {
    return '';
  }
  const millis = new Date(job.finishedAt ?? Date.now()) - new Date(job.startedAt);
  return millis < 1000 ? `${Math.max(millis, 0)} ms` : `${(millis / 1000).toFixed(1)} s`;
}

/** When a waiting job starts; empty for others. */
function starts(job) {
  const time = job.state === 'SCHEDULED' ? job.runAt : job.state === 'RETRYING' ? job.nextAttemptAt : null;
  return time ? `starts ${clock(time)}` : '';
}

const task = name => tasks.find(one => one.name === name);
const isWaiting = job => ['SCHEDULED', 'QUEUED', 'RETRYING'].includes(job.state);
const isPaused = job =>
  isWaiting(job) && Boolean(task(job.task)?.paused ?? queues.find(queue => queue.pool === job.pool)?.paused ?? job.setAside);

// ---- pools

async function showHealth() {
  const response = await fetch(`${stage}/v1/health`);
  element('health').textContent = response.ok ? 'up' : `not well: ${response.status}`;
}

async function showQueues() {
  ({queues} = await call('GET', '/v1/queues'));
  const inPools = queues.map(queue => queueRow(queue, deadOf(one => task(one)?.pool === queue.pool)));
  const elsewhere = deadOf(one => !task(one));
  element('queues').replaceChildren(...inPools, ...(elsewhere ? [queueRow({pool: 'other tasks'}, elsewhere)] : []));
}

function queueRow(queue, deadJobs) {
  const row = document.createElement('tr');
  const pool = text('td', queue.pool);
  if (queue.paused) {
    pool.append(' ', pausedMark());
  }
  if (queue.depthUnknown) {
    pool.append(' (SQS call failed)');
  }
  row.append(pool, ...[queue.visible, queue.inFlight, queue.delayed, `${deadJobs}${dead.atLeast ? '+' : ''}`]
    .map(count => text('td', count ?? '', 'number')));
  return row;
}

/** Only where a task has limits: the counts of a limit read the jobs that wait for it. */
async function showLimits() {
  const {limits} = tasks.some(one => one.limits) ? await call('GET', '/v1/limits') : {limits: []};
  element('limits').replaceChildren(...limits.map(limit => {
    const row = document.createElement('tr');
    const {name, used, waiting, oldest} = limitTexts(limit);
    row.append(text('td', name), text('td', used, 'number'), text('td', waiting, 'number'), text('td', oldest, 'short'));
    return row;
  }));
  element('limits-section').hidden = limits.length === 0;
}

/** The used slots of a limit per key are those of several keys, each of which has as many as the limit says. */
export const limitTexts = limit => ({
  name: limit.code === undefined ? limit.name : `${limit.name} (set by ${limit.setBy}, code ${limit.code})`,
  used: limit.perKey ? `${limit.used}, ${limit.concurrent} per key` : `${limit.used} of ${limit.concurrent}`,
  waiting: `${limit.waiting}`,
  oldest: limit.oldestWaiting ? clock(limit.oldestWaiting) : '',
});

const deadOf = ofTask => [...dead.byTask].filter(([name]) => ofTask(name)).reduce((sum, [, count]) => sum + count, 0);

/** Dead jobs, not what lies in the dead-letter queues: those are empty as soon as a death is handled. */
async function countDead() {
  const {groups, otherGroups, complete} = await call('GET', '/v1/dead-letters?limit=200');
  const byTask = new Map();
  groups.forEach(group => byTask.set(group.task, (byTask.get(group.task) ?? 0) + group.count));
  dead = {byTask, atLeast: otherGroups > 0 || !complete};
}

// ---- tasks

async function readTasks() {
  ({tasks} = await call('GET', '/v1/tasks'));
  for (const id of ['task', 'filter-task']) {
    const select = element(id);
    const labels = tasks.map(one => one.paused ? `${one.name} (paused)` : one.name);
    const fixed = [...select.options].filter(option => option.value === '');
    const options = [...select.options].slice(fixed.length);
    if (options.length === labels.length && options.every((option, i) => option.value === tasks[i].name)) {
      options.forEach((option, i) => { option.textContent = labels[i]; }); // what is chosen stays chosen
    } else {
      select.replaceChildren(...fixed, ...tasks.map((one, i) => new Option(labels[i], one.name)));
    }
  }
  showTask();
}

function showTask() {
  const one = task(element('task').value);
  element('task-about').textContent = one
    ? [`pool ${one.pool}`, `time-out ${Number(one.timeoutSeconds)} s`, `${one.maxAttempts} attempts`,
      one.paused ? `paused by ${one.paused.by} since ${clock(one.paused.since)}` : ''].filter(Boolean).join(', ') : '';
}

function showExample() {
  showTask();
  element('payload').value = pretty(withoutNulls(task(element('task').value)?.example ?? {}));
}

const withoutNulls = value => parse(JSON.stringify(value, (_, part) => part ?? undefined).replace(MARKED, '$1'));

// ---- jobs

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
  const state = text('td', '');
  state.append(stateMark(job.state));
  if (isPaused(job)) {
    state.append(' ', pausedMark());
  }
  if (starts(job)) {
    state.append(text('div', starts(job), 'soft'));
  }
  if (job.held) {
    state.append(text('div', job.held, 'soft held'));
  }
  const id = text('td', '');
  const open = button(job.id, guarded('Job', () => openJob(job.id)));
  open.classList.add('id');
  id.append(open);
  row.append(state, text('td', job.task, 'name'), id, text('td', `${job.attempt}/${job.maxAttempts}`, 'number'),
    text('td', clock(job.createdAt), 'short'), text('td', took(job), 'short'));
  return row;
}

/** Opens the details and brings them to where the reader is. */
async function openJob(id) {
  shownJob = id;
  await showJob();
  element('job-section').scrollIntoView({block: 'nearest'});
  element('job-section').scrollTop = 0;
  element('job-title').focus({preventScroll: true});
}

async function showJob() {
  const id = shownJob;
  const job = await call('GET', `/v1/jobs/${id}`);
  if (shownJob !== id) {
    return; // another one was opened meanwhile
  }
  element('job-section').hidden = false;
  element('job-title').replaceChildren(stateMark(job.state), ...(isPaused(job) ? [' ', pausedMark()] : []), ` ${job.task} `, job.id);
  element('job-about').textContent = [
    `attempt ${job.attempt} of ${job.maxAttempts}`,
    job.progress === undefined ? '' : `${job.progress} % done${job.progressText ? `: ${job.progressText}` : ''}`,
    starts(job),
    job.held ? `held by ${job.held}` : '',
    job.limitKey ? `limit key ${job.limitKey}` : '',
    job.rerunOf ? `rerun of ${job.rerunOf}` : '',
    job.deadReason ? `dead: ${job.deadReason}` : '',
    job.cancelRequested ? 'cancellation requested' : '',
    job.tags?.length ? `tags ${job.tags.join(', ')}` : '',
  ].filter(Boolean).join(' · ');
  element('history').replaceChildren(...job.history.map(step => {
    const item = document.createElement('li');
    const why = [step.attempt ? `attempt ${step.attempt}` : '', step.by ? `by ${step.by}` : '', step.error ?? '']
      .filter(Boolean).map(part => ` · ${part}`).join('');
    item.append(stateMark(step.state), ` ${clock(step.at)}`, text('span', why, 'soft'));
    return item;
  }));
  element('error-title').hidden = element('error').hidden = !job.error;
  fill('error', job.error ? job.error.stack ?? `${job.error.type}: ${job.error.message}` : '');
  fill('job-payload', job.payload === undefined ? 'larger than 256 KB, see /payload' : pretty(job.payload));
  fill('job-result', job.result === undefined ? 'none' : pretty(job.result));
  const ended = ['SUCCEEDED', 'DEAD', 'CANCELLED'].includes(job.state);
  element('cancel').disabled = ended;
  element('retry').disabled = job.state !== 'DEAD';
  element('run-now').disabled = ended || job.state === 'RUNNING' || isPaused(job);
  element('rerun').disabled = !ended;
}

/** Leaves alone what is as it was: the user may be selecting in it. */
function fill(id, content) {
  if (element(id).textContent !== content) {
    element(id).textContent = content;
  }
}

function closeJob() {
  shownJob = null;
  element('job-section').hidden = true;
  report('Job');
}

async function act(action) {
  await call('POST', `/v1/jobs/${shownJob}/${action}`, '{}');
  await Promise.all([showJob(), showJobs(false), countDead()]);
}

/** Opens the new job. */
async function rerun() {
  const job = await call('POST', `/v1/jobs/${shownJob}/rerun`, '{}');
  await Promise.all([openJob(job.id), showJobs(false)]);
}

async function enqueue() {
  const delay = Number(element('delay').value);
  const payload = element('payload').value;
  JSON.parse(payload); // a mistake is found here; the text itself is sent, number for number
  const job = await call('POST', '/v1/jobs',
    `{"task":${JSON.stringify(element('task').value)},"payload":${payload}${delay ? `,"delaySeconds":${delay}` : ''}}`);
  await Promise.all([openJob(job.id), showJobs(false)]);
}

// ---- what happens by itself

async function enter() {
  await Promise.all([readTasks(), countDead()]);
  showExample();
  await Promise.all([showQueues(), showLimits()]); // before the jobs: a paused pool marks them
  await showJobs(false);
  document.querySelector('main').hidden = false;
}

async function refresh(rarely) {
  if (rarely) {
    await Promise.all([readTasks(), countDead()]); // counts index entries: dearer than the rest
    await showLimits();
  }
  await showQueues();
  await Promise.all([element('jobs').childElementCount > 25 || showJobs(false), shownJob && showJob()]);
}

let rounds = 0;

async function refreshUnlessBusy() {
  if (document.hidden || refreshing || !sessionStorage.getItem('key')) {
    return;
  }
  refreshing = true;
  try {
    await guarded('Refresh', () => refresh(rounds++ % 5 === 0))();
  } finally {
    refreshing = false;
  }
}

element('key-form').addEventListener('submit', guarded('API key', async () => {
  sessionStorage.setItem('key', element('key').value.trim());
  element('key').value = '';
  await enter();
  report('Refresh');
}));
element('task').addEventListener('change', showExample);
element('enqueue-form').addEventListener('submit', guarded('New job', enqueue));
element('filter-form').addEventListener('submit', guarded('List', () => showJobs(false)));
element('more').addEventListener('click', guarded('List', () => showJobs(true)));
element('cancel').addEventListener('click', guarded('Cancel', () => act('cancel')));
element('retry').addEventListener('click', guarded('Retry', () => act('retry')));
element('run-now').addEventListener('click', guarded('Run now', () => act('run-now')));
element('rerun').addEventListener('click', guarded('Rerun', rerun));
element('close').addEventListener('click', closeJob);
setInterval(refreshUnlessBusy, 3000);

showHealth().catch(error => report('Health', error.message));
if (sessionStorage.getItem('key')) {
  guarded('API key', enter)();
}
