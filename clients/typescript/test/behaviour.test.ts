import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Longshore, LongshoreError, type LongshoreSettings } from '../src/index.js';

const TABLE = new URL('../../../behaviour.json', import.meta.url);
const { LONGSHORE_FAULTY_URL: front, LONGSHORE_KEY: key = '' } = process.env;

interface Call {
  method: string;
  args: any[];
  options?: { traceparent: string };
}

interface Row {
  name: string;
  faults?: unknown[];
  given?: unknown;
  until?: string;
  unreachable?: boolean;
  client?: Partial<LongshoreSettings>;
  before?: Call[];
  call: Call;
  expect: Expected;
}

interface Expected {
  result?: unknown;
  results?: number;
  errors?: number;
  error?: { with?: string[]; without?: string[] } & Record<string, unknown>;
  requests?: string[] | number;
  idempotency?: 'same' | 'none' | 'different';
  batches?: number[];
  headers?: Record<string, string>;
  jobs?: number;
  atLeastMillis?: number;
  atMostMillis?: number;
  faultsLeft?: number;
}

interface Received {
  requests: { method: string; path: string; headers: Record<string, string>; idempotency: string | null; jobs: number }[];
  faultsLeft: number;
  jobs: number;
}

/** The table's names of the calls. */
const METHODS: Record<string, (longshore: Longshore, args: any[], options?: Call['options']) => Promise<unknown>> = {
  enqueue: (longshore, [job], options) => longshore.enqueue(job, options),
  enqueueAll: (longshore, [jobs]) => longshore.enqueueAll(jobs),
  get: (longshore, [id]) => longshore.get(id),
  payload: (longshore, [id]) => longshore.payload(id),
  list: async (longshore, [filter]) => {
    const jobs = [];
    for await (const job of longshore.list(filter)) jobs.push(job);
    return jobs;
  },
  cancel: (longshore, [id]) => longshore.cancel(id),
  retry: (longshore, [id]) => longshore.retry(id),
  runNow: (longshore, [id]) => longshore.runNow(id),
  rerun: (longshore, [id]) => longshore.rerun(id),
  await: (longshore, [id, timeoutMillis]) => longshore.await(id, { timeoutMillis }),
  retryDead: (longshore, [filter]) => longshore.dead.retry(filter),
  purgeDead: (longshore, [filter]) => longshore.dead.purge(filter),
  putSchedule: (longshore, [name, schedule]) => longshore.schedules.put(name, schedule),
  runSchedule: (longshore, [name]) => longshore.schedules.run(name),
  deleteSchedule: (longshore, [name]) => longshore.schedules.delete(name),
  createKey: (longshore, [newKey]) => longshore.keys.create(newKey),
  pauseQueue: (longshore, [pool]) => longshore.queues.pause(pool),
  resumeQueue: (longshore, [pool]) => longshore.queues.resume(pool),
};

/** Puts the run's names into a value of the table, and long texts in place of their lengths. */
function filled(value: unknown, names: Record<string, string>): any {
  if (typeof value === 'string') {
    const long = /^\{(text|quotes):(\d+)\}$/.exec(value);
    if (long !== null) return (long[1] === 'text' ? 'x' : '"').repeat(Number(long[2]));
    return value.replaceAll(/\{(tag|job)\}/g, (whole, name: string) => names[name] ?? whole);
  }
  if (Array.isArray(value)) return value.map((element) => filled(element, names));
  if (value === null || typeof value !== 'object') return value;
  const { times, job } = value as { times?: number; job?: unknown };
  if (times !== undefined && job !== undefined) return Array.from({ length: times }, () => filled(job, names));
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, filled(field, names)]));
}

/** An error's fields as the table has them. */
function shown(value: unknown): unknown {
  if (value instanceof LongshoreError) return { ...value, type: value.type.split('/').at(-1), message: value.message };
  if (Array.isArray(value)) return value.map(shown);
  const error = (value as { error?: unknown } | undefined)?.error;
  return error instanceof LongshoreError ? { error: shown(error) } : value;
}

/** Every expected field is there; an array has as many elements. */
function assertHas(actual: any, expected: any, place: string): void {
  if (expected === null || typeof expected !== 'object') {
    assert.equal(actual, expected, place);
    return;
  }
  assert.ok(actual !== null && typeof actual === 'object', `${place} is ${inspect(actual)}`);
  if (Array.isArray(expected)) assert.equal(actual.length, expected.length, `${place}.length`);
  for (const [name, field] of Object.entries(expected)) assertHas(actual[name], field, `${place}.${name}`);
}

async function control<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${front}/_runs${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  assert.ok(answer.ok, `The front answers ${answer.status}: ${answer.ok ? '' : await answer.text()}`);
  return (await answer.json()) as T;
}

async function run(row: Row): Promise<void> {
  const plan = { faults: row.faults, given: filled(row.given, {}), until: row.until };
  const started = await control<Record<string, string>>('', plan);
  const url = (row.unreachable ? started['unreachable'] : started['url']) ?? '';
  const longshore = new Longshore({ url, key, ...row.client });
  const call = async ({ method, args, options }: Call): Promise<unknown> => {
    const made = METHODS[method];
    assert.ok(made, `The client has no ${method}`);
    return made(longshore, filled(args, started), options);
  };
  for (const earlier of row.before ?? []) await call(earlier);

  const start = performance.now();
  const outcome = await call(row.call).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  const millis = performance.now() - start;

  const record = await control<Received>(`/${started['id']}`);
  const expected: Expected = filled(row.expect, started);
  assertOutcome(outcome, expected);
  assertRequests(record, expected);
  assert.equal(record.faultsLeft, expected.faultsLeft ?? 0, 'faults that were not injected');
  if (expected.jobs !== undefined) assert.equal(record.jobs, expected.jobs, 'jobs that exist');
  if (expected.atLeastMillis !== undefined) assert.ok(millis >= expected.atLeastMillis, `${millis} ms`);
  if (expected.atMostMillis !== undefined) assert.ok(millis <= expected.atMostMillis, `${millis} ms`);
}

function assertOutcome({ result, error }: { result: any; error: unknown }, expected: Expected): void {
  if (expected.error === undefined) {
    if (error !== undefined) throw error;
  } else {
    assert.ok(error instanceof LongshoreError, `Expected an error, and there is ${inspect(error ?? result)}`);
    const { with: there = [], without = [], ...fields } = expected.error;
    assertHas(shown(error), fields, 'error');
    const text = [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 10 })].join('\n');
    for (const part of there) assert.ok(error.message.includes(part), `${error.message} has ${part}`);
    for (const part of without) assert.ok(!text.includes(part), `${text} has ${part}`);
  }
  if (expected.result !== undefined) assertHas(shown(result), expected.result, 'result');
  if (expected.results !== undefined) {
    const errors = result.filter((one: any) => one.error !== undefined);
    assert.equal(errors.length, expected.errors ?? 0, 'results that are errors');
    assert.equal(result.length - errors.length, expected.results, 'results that are no errors');
  }
}

function assertRequests({ requests }: Received, expected: Expected): void {
  const names = requests.map(({ method, path }) => `${method} ${path}`);
  if (typeof expected.requests === 'number') assert.equal(names.length, expected.requests, names.join(', '));
  if (Array.isArray(expected.requests)) assert.deepEqual(names, expected.requests);
  const batches = requests.filter(({ jobs }) => jobs > 0).map(({ jobs }) => jobs);
  if (expected.batches !== undefined) assert.deepEqual(batches, expected.batches);
  const keys = requests.map(({ idempotency }) => idempotency);
  const different = new Set(keys).size;
  if (expected.idempotency === 'same') assert.ok(different === 1 && keys[0] !== null, `keys: ${keys}`);
  if (expected.idempotency === 'different') assert.ok(different === keys.length && !keys.includes(null), `keys: ${keys}`);
  if (expected.idempotency === 'none') assert.ok(keys.every((one) => one === null), `keys: ${keys}`);
  for (const { headers } of requests) {
    for (const [name, pattern] of Object.entries(expected.headers ?? {})) {
      assert.match(headers[name] ?? '', new RegExp(`^(?:${pattern})$`), name);
    }
  }
}

const skip = front === undefined ? 'LONGSHORE_FAULTY_URL is not set: clients/behaviour starts a front that injects faults' : false;

describe('the behaviour of all clients', { concurrency: 4, skip }, () => {
  const { rows } = JSON.parse(readFileSync(TABLE, 'utf8')) as { rows: Row[] };
  for (const row of rows) it(row.name, () => run(row));
});
