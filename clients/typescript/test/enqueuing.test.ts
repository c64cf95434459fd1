import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Longshore, RefusedError } from '../src/index.js';
import { Size } from '../src/size.js';
import { uuidv7 } from '../src/uuid.js';
import { json, scripted } from './scripted-fetch.js';

it('a text is as large as UTF-8 and as an event of Lambda have it', () => {
  for (const text of ['', 'plain', '{"a":"\\n\\"\\\\"}', 'Grüße', '漢字', '🚢 at sea', '\ud83d']) {
    const inAnEvent = JSON.stringify(text).slice(1, -1).replaceAll(/\\ud83d(?!\\)/g, '\ud83d');
    const escaped = [...Array(inAnEvent.length).keys()].reduce((sum, at) => sum + (inAnEvent.charCodeAt(at) < 0x80 ? 1 : 6), 0);

    assert.equal(Size.of(text).escaped, escaped, text);
    if (text !== '\ud83d') assert.equal(Size.of(text).utf8, Buffer.byteLength(text), text);
  }
});

it('a batch has 20 MB of payloads at most, uploads included', async () => {
  const upload = { url: 'https://s3.example/x', method: 'PUT', headers: {}, payloadRef: 'ref' };
  const { fetch, sent } = scripted(() => json(200, { ...upload, results: [] }));
  const longshore = new Longshore({ url: 'https://api.example', key: 'ls_a_b', fetch });
  const payload = '"'.repeat(2_400_000); // 4.8 MB as JSON, and 9.6 MB in an event

  await longshore.enqueueAll(Array.from({ length: 5 }, () => ({ task: 'x', payload })));

  const batches = sent.filter(({ url }) => url.endsWith('/v1/jobs/batch')).map(({ body }) => JSON.parse(body ?? '').jobs as unknown[]);
  assert.deepEqual(batches.map((jobs) => jobs.length), [4, 1]);
  assert.equal(sent.filter(({ url }) => url === upload.url).length, 5);
});

it('a payload is written once for a request, and one without a JSON form is none', async () => {
  const upload = { url: 'https://s3.example/x', method: 'PUT', headers: {}, payloadRef: 'ref' };
  const { fetch, sent } = scripted(() => json(202, { ...upload, id: 'x', state: 'QUEUED' }));
  const longshore = new Longshore({ url: 'https://api.example', key: 'ls_a_b', fetch });
  let written = 0;
  const payload = (text: string) => ({ toJSON: () => ({ text, written: ++written }) });

  await longshore.enqueue({ task: 'x', payload: payload('small'), tags: ['a'] });
  await longshore.enqueue({ task: 'x', payload: payload('x'.repeat(4_800_000)), tags: ['a'] });
  await longshore.enqueue({ task: 'x', payload: { toJSON: () => undefined } });

  assert.equal(written, 2);
  const [small, opening, file, large, none] = sent.map(({ body }) => JSON.parse(body ?? '') as Record<string, unknown>);
  assert.deepEqual({ ...small, id: '' }, { id: '', task: 'x', tags: ['a'], payload: { text: 'small', written: 1 } });
  assert.deepEqual(opening, { bytes: sent[2]?.body?.length });
  assert.equal(file?.['written'], 2);
  assert.deepEqual({ ...large, id: '' }, { id: '', task: 'x', tags: ['a'], payloadRef: 'ref' });
  assert.deepEqual({ ...none, id: '' }, { id: '', task: 'x' });
});

it('a job that is too large leaves the others of a batch', async () => {
  const job = { id: 'x', state: 'QUEUED' };
  const { fetch, sent } = scripted(json(207, { results: [{ status: 202, job }, { status: 202, job }] }));
  const longshore = new Longshore({ url: 'https://api.example', key: 'ls_a_b', fetch });

  const results = await longshore.enqueueAll([{ task: 'x' }, { task: 'x', payload: 'x'.repeat(5_300_000) }, { task: 'x' }]);

  assert.equal(sent.length, 1);
  assert.deepEqual(results.map((result) => result.job?.id), ['x', undefined, 'x']);
  const error = results[1]?.error;
  assert.ok(error instanceof RefusedError);
  assert.match(error.detail, /^The payload has 5300002 bytes of UTF-8, and 5242880 are the limit/);
});

it('an id of the client has the time, the version and the variant', () => {
  const id = uuidv7(0x0123456789ab);

  assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(id, uuidv7(0x0123456789ab));
});
