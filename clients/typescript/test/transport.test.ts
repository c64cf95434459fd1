import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { systemClock } from '../src/clock.js';
import { ConnectionError, Longshore, LongshoreError, NotFoundError, RateLimitedError, ServerError, TimeoutError } from '../src/index.js';
import { json, problem, scripted } from './scripted-fetch.js';
import { SettableClock } from './settable-clock.js';

const API = 'https://api.example/prod';
const KEY = 'ls_test_a-secret-value';
const JOB = { id: '019cd7a5-6400-7a10-8b20-0c0ffee00001', state: 'QUEUED' };

function client(answers: Parameters<typeof scripted>, clock = new SettableClock()) {
  const { fetch, sent } = scripted(...answers);
  return { longshore: new Longshore({ url: API, key: KEY, fetch, clock }), sent, clock };
}

async function failure(call: Promise<unknown>): Promise<LongshoreError> {
  const error = await call.then(
    (result) => assert.fail(`It succeeded: ${inspect(result)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LongshoreError, inspect(error));
  return error;
}

describe('repeats', () => {
  it('wait a random part of a time that doubles', async () => {
    const { longshore, sent, clock } = client([problem(503, {})], new SettableClock(0, 0.5));

    const error = await failure(longshore.get('x'));

    assert.ok(error instanceof ServerError);
    assert.equal(error.tries, 5);
    assert.equal(sent.length, 5);
    assert.deepEqual(clock.waits, [100, 200, 400, 800]);
  });

  it('wait 5 s at most', async () => {
    const { fetch } = scripted(problem(503, {}));
    const clock = new SettableClock(0, 0.999);
    const longshore = new Longshore({ url: API, key: KEY, fetch, clock, maxTries: 20, totalTimeoutMillis: 1e9 });

    await failure(longshore.get('x'));

    assert.equal(Math.ceil(Math.max(...clock.waits)), 4995);
  });

  it('wait as Retry-After says, in seconds or as a date', async () => {
    const at = new Date(Date.now() + 3_600_000).toUTCString();
    const { longshore, clock } = client([problem(503, {}, { 'Retry-After': '7' }), json(200, JOB)]);
    await longshore.get('x');
    assert.deepEqual(clock.waits, [7_000]);

    const dated = client([problem(429, {}, { 'Retry-After': at })]);
    const error = await failure(dated.longshore.get('x'));
    assert.ok(error instanceof RateLimitedError);
    assert.ok((error.retryAfterMillis ?? 0) > 3_590_000, String(error.retryAfterMillis));
    assert.deepEqual(dated.clock.waits, [], 'an hour does not fit into the time of the call');
  });

  it('end with the time of the call', async () => {
    const { longshore, sent } = client([problem(503, {}, { 'Retry-After': '25' })]);

    await failure(longshore.get('x'));

    assert.equal(sent.length, 3, 'at 0 s, 25 s and 50 s');
  });

  it('of a call that Longshore could not recognise follow 429 alone', async () => {
    const calls: ((longshore: Longshore) => Promise<unknown>)[] = [
      (longshore) => longshore.retry('x'),
      (longshore) => longshore.schedules.run('x'),
      (longshore) => longshore.keys.create({ name: 'x', scopes: ['read'] }),
      (longshore) => longshore.keys.rotate('x'),
    ];
    for (const call of calls) {
      const failed = client([new TypeError('fetch failed')]);
      await failure(call(failed.longshore));
      assert.equal(failed.sent.length, 1);

      const unavailable = client([problem(503, {})]);
      await failure(call(unavailable.longshore));
      assert.equal(unavailable.sent.length, 1);

      const throttled = client([problem(429, {}), json(200, JOB)]);
      await call(throttled.longshore);
      assert.equal(throttled.sent.length, 2);
    }
  });

  it('carry the same id or key, and another call has another', async () => {
    const { longshore, sent } = client([problem(503, {}), json(202, JOB)]);
    await longshore.enqueue({ task: 'x' });
    await longshore.enqueue({ task: 'x' });
    const ids = sent.map(({ body }) => JSON.parse(body ?? '').id as string);
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[1], ids[2]);
    assert.match(ids[0] ?? '', /^019cd79e-4600-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, "the clock's time, version 7, variant 2");

    const rerun = client([problem(503, {}), json(202, JOB)]);
    await rerun.longshore.rerun('x');
    await rerun.longshore.rerun('x');
    const keys = rerun.sent.map(({ headers }) => headers['Idempotency-Key']);
    assert.ok(keys[0]);
    assert.equal(keys[0], keys[1]);
    assert.notEqual(keys[1], keys[2]);
  });

  it('of a DELETE count as done where the first may have been', async () => {
    const gone = problem(404, { type: 'https://longshore.dev/problems/not-found', retryable: false });
    const lost = client([new TypeError('fetch failed'), gone]);
    await lost.longshore.schedules.delete('x');
    assert.equal(lost.sent.length, 2);

    const throttled = client([problem(429, {}), gone]);
    assert.ok((await failure(throttled.longshore.schedules.delete('x'))) instanceof NotFoundError);
  });

  it('of the DELETE of a limit have its answer, so that 404 is an error', async () => {
    const lost = client([new TypeError('fetch failed'), problem(404, { type: 'https://longshore.dev/problems/not-found', retryable: false })]);

    assert.ok((await failure(lost.longshore.limits.reset('crm-ap'))) instanceof NotFoundError);
    assert.equal(lost.sent.length, 2);
  });

  it("carry the caller's key, and then no id of the client's own", async () => {
    const { longshore, sent } = client([json(202, JOB)]);

    await longshore.enqueue({ task: 'x', idempotencyKey: 'order-7' });

    assert.deepEqual(JSON.parse(sent[0]?.body ?? ''), { task: 'x', idempotencyKey: 'order-7' });
  });
});

describe('a signal', () => {
  it('ends a call while it waits for its next try', async () => {
    const abort = new AbortController();
    const clock = new SettableClock();
    const { fetch, sent } = scripted(() => {
      abort.abort(new Error('the page was left'));
      return problem(503, {});
    });
    const longshore = new Longshore({ url: API, key: KEY, fetch, clock });

    await assert.rejects(longshore.get('x', { signal: abort.signal }), /the page was left/);

    assert.equal(sent.length, 1);
  });

  it('ends a request that is not answered', async () => {
    const abort = new AbortController();
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        abort.abort(new Error('the page was left'));
      });
    const longshore = new Longshore({ url: API, key: KEY, fetch: hanging });

    await assert.rejects(longshore.get('x', { signal: abort.signal }), /the page was left/);
  });

  it('ends a wait at once', async () => {
    const abort = new AbortController();
    const wait = systemClock.sleep(3_600_000, abort.signal);

    abort.abort(new Error('the page was left'));

    await assert.rejects(wait, /the page was left/);
    await assert.rejects(systemClock.sleep(3_600_000, abort.signal), /the page was left/);
  });

  it('that has aborted sends nothing', async () => {
    const { longshore, sent } = client([json(200, JOB)]);

    await assert.rejects(longshore.get('x', { signal: AbortSignal.abort() }), { name: 'AbortError' });

    assert.equal(sent.length, 0);
  });
});

describe('a wait for the end of a job', () => {
  it('reads less and less often, down to every 5 s', async () => {
    const { longshore, clock } = client([json(200, JOB)]);

    const error = await failure(longshore.await('x', { timeoutMillis: 60_000 }));

    assert.ok(error instanceof TimeoutError);
    assert.match(error.message, /x is QUEUED after 60000 ms/);
    assert.deepEqual(clock.waits.slice(0, 9).map(Math.round), [250, 375, 563, 844, 1266, 1898, 2848, 4271, 5000]);
    assert.equal(Math.round(clock.waits.reduce((sum, wait) => sum + wait)), 60_000);
  });

  it('that is over while reads fail names the last failure', async () => {
    const { longshore } = client([new TypeError('fetch failed')]);

    const error = await failure(longshore.await('x', { timeoutMillis: 10_000 }));

    assert.ok(error instanceof TimeoutError);
    assert.ok(error.cause instanceof ConnectionError);
  });
});

describe('a call without a connection', () => {
  it('names the address and does not say that it may have taken effect', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });
    const { longshore } = client([new TypeError('fetch failed', { cause: refused })]);

    const error = await failure(longshore.get('x'));

    assert.ok(error instanceof ConnectionError);
    assert.equal(error.title, 'No connection');
    assert.match(error.message, /could not connect: connect ECONNREFUSED 127\.0\.0\.1:9/);
    assert.doesNotMatch(error.message, /taken effect/);
  });
});

describe('secrets', () => {
  it('are in no error and no inspection', async () => {
    const { longshore } = client([new TypeError('fetch failed')]);
    const error = await failure(longshore.enqueue({ task: 'x', payload: { card: '4000-0000' } }));

    for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), inspect(longshore, { depth: 9 }), JSON.stringify(longshore)]) {
      assert.doesNotMatch(text, /a-secret-value|4000-0000/);
    }
  });

  it('are in no refusal of a setting', () => {
    for (const settings of [
      { url: API, key: 'ls_test_a-secret-value\n' },
      { url: 'https://user:a-secret-value@api.example', key: KEY },
      { url: 'a-secret-value', key: KEY },
    ]) {
      assert.throws(
        () => new Longshore(settings),
        (error: Error) => error instanceof TypeError && !inspect(error.message).includes('a-secret-value'),
      );
    }
  });

  it('do not leave with an upload, whose URL is a secret too', async () => {
    const upload = { url: 'https://s3.example/x?signature=a-signature', method: 'PUT', headers: { 'x-amz-checksum-sha256': 'abc' }, payloadRef: 'ref-1' };
    const { longshore, sent } = client([json(201, upload), new Response('<Error/>', { status: 403 })]);

    const error = await failure(longshore.upload({ x: 1 }));

    assert.deepEqual(sent[1]?.headers, { 'x-amz-checksum-sha256': 'abc' });
    assert.doesNotMatch(inspect(error, { depth: 9 }), /a-signature/);
  });
});

describe('answers', () => {
  it('that lead elsewhere are not followed', async () => {
    const { longshore, sent } = client([new Response(null, { status: 301, headers: { Location: 'https://other.example' } })]);

    const error = await failure(longshore.enqueue({ task: 'x' }));

    assert.ok(error instanceof ConnectionError);
    assert.equal(error.retryable, false);
    assert.equal(sent.length, 1);
  });

  it('that are a page say so', async () => {
    const { longshore } = client([new Response('<html>hello</html>', { status: 200, headers: { 'Content-Type': 'text/html' } })]);

    const error = await failure(longshore.get('x'));

    assert.match(error.message, /GET \/v1\/jobs\/x: 200 with 18 characters that are no JSON \(Content-Type text\/html\)/);
  });

  it('keep all fields of a problem', async () => {
    const errors = [{ field: '/a', detail: 'one' }, { detail: 'two' }];
    const { longshore } = client([problem(422, { type: 'https://longshore.dev/problems/refused', title: 'Request refused', field: '/a', parameter: 'b', errors, retryable: false, requestId: 'r-1' })]);

    const error = await failure(longshore.get('x'));

    const { type, title, status, detail, field, parameter, retryable, requestId } = error;
    assert.deepEqual(
      { type, title, status, detail, field, parameter, errors: error.errors, retryable, requestId },
      { type: 'https://longshore.dev/problems/refused', title: 'Request refused', status: 422, detail: 'Detail', field: '/a', parameter: 'b', errors, retryable: false, requestId: 'r-1' },
    );
    assert.equal(error.message, 'Request refused: Detail (request r-1)');
  });
});

describe('requests', () => {
  it('keep the path of the URL, encode names and leave out what is not given', async () => {
    const { longshore, sent } = client([json(200, { jobs: [] })]);

    await longshore.listPage({ task: 'a&b', from: new Date('2026-03-10T12:00:00Z') });
    await longshore.get('../keys');

    assert.equal(sent[0]?.url, `${API}/v1/jobs?limit=100&task=a%26b&from=2026-03-10T12%3A00%3A00.000Z`);
    assert.equal(sent[1]?.url, `${API}/v1/jobs/..%2Fkeys`);
    assert.throws(() => longshore.schedules.get('..'), TypeError);
  });

  it('name the client in Node, and leave that to a browser', async () => {
    const { longshore, sent } = client([json(200, JOB)]);
    await longshore.get('x');
    const node = Object.getOwnPropertyDescriptor(globalThis, 'process');
    assert.ok(node);
    Object.defineProperty(globalThis, 'process', { configurable: true, value: undefined });
    try {
      await longshore.get('x');
    } finally {
      Object.defineProperty(globalThis, 'process', node);
    }

    assert.match(sent[0]?.headers['User-Agent'] ?? '', /^longshore-typescript\/\d/);
    assert.equal(sent[1]?.headers['User-Agent'], undefined);
  });

  it('with a header that cannot be sent are refused', async () => {
    const { longshore, sent } = client([json(200, JOB)]);

    await assert.rejects(longshore.get('x', { traceparent: 'no\n' }), TypeError);
    await assert.rejects(longshore.rerun('x', {}, { idempotencyKey: 'ü' }), TypeError);

    assert.equal(sent.length, 0);
  });
});
