import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Limit, Longshore } from '../src/index.js';
import { json, scripted } from './scripted-fetch.js';

const LIMIT: Limit = {
  name: 'crm-api',
  concurrent: 3,
  perKey: true,
  tasks: ['sync'],
  code: 5,
  used: 3,
  waiting: 12,
  keys: [{ key: 'acme', used: 3, waiting: 12, oldestWaiting: '2026-11-28T11:58:45.000Z' }],
};

function client(...answers: unknown[]) {
  const { fetch, sent } = scripted(() => json(200, answers.shift()));
  return { longshore: new Longshore({ url: 'https://api.example', key: 'ls_test_a-secret-value', fetch }), sent };
}

it('limits are listed, set and reset', async () => {
  const { longshore, sent } = client({ limits: [LIMIT] }, LIMIT, LIMIT);

  assert.deepEqual(await longshore.limits.list(), [LIMIT]);
  assert.deepEqual(await longshore.limits.set('crm-api', 3), LIMIT);
  assert.deepEqual(await longshore.limits.reset('crm-api'), LIMIT);

  assert.deepEqual(
    sent.map(({ method, url, body }) => [method, new URL(url).pathname, body]),
    [
      ['GET', '/v1/limits', undefined],
      ['PUT', '/v1/limits/crm-api', '{"concurrent":3}'],
      ['DELETE', '/v1/limits/crm-api', undefined],
    ],
  );
});

it('a job is enqueued under a limit key and says what holds it', async () => {
  const { longshore, sent } = client({ id: 'x', state: 'QUEUED', limitKey: 'acme', waitReason: 'limit', held: 'limit crm-api, key acme' });

  const job = await longshore.enqueue({ task: 'sync', limitKey: 'acme' });

  assert.equal(JSON.parse(sent[0]?.body ?? '').limitKey, 'acme');
  assert.equal(job.held, 'limit crm-api, key acme');
});
