import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { it } from 'node:test';
import { Longshore } from '../src/index.js';
import { VERSION } from '../src/version.js';
import { json, scripted } from './scripted-fetch.js';

const PACKAGE = new URL('../../', import.meta.url);
const CONTRACT = new URL('../../functions/api/src/main/resources/openapi.json', PACKAGE);
const KEY = 'ls_test_a-secret-value';

it('types are those of openapi.json', async () => {
  const { types } = (await import(new URL('scripts/types.mjs', PACKAGE).href)) as { types: () => string };

  assert.equal(readFileSync(new URL('src/api.ts', PACKAGE), 'utf8'), types(), 'run: npm run types');
});

it('every call of the API has a method', async () => {
  const { fetch, sent } = scripted(() => json(200, { results: [], jobs: [], entries: [], keys: [], schedules: [], messages: [], url: 'https://s3.example/upload', method: 'PUT', headers: {} }));
  const longshore = new Longshore({ url: 'https://api.example', key: KEY, fetch });
  await everyCall(longshore);

  const { paths } = JSON.parse(readFileSync(CONTRACT, 'utf8')) as { paths: Record<string, Record<string, unknown>> };
  const calls = Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, 'x')}`));
  const made = sent
    .filter(({ url }) => url.startsWith('https://api.example/'))
    .map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  assert.deepEqual([...new Set(made)].sort(), calls.sort());
});

async function everyCall(longshore: Longshore): Promise<void> {
  await longshore.enqueue({ task: 'x' });
  await longshore.enqueueAll([{ task: 'x' }]);
  await longshore.upload({ x: 1 });
  await longshore.get('x');
  await longshore.payload('x');
  await longshore.listPage();
  await longshore.cancel('x');
  await longshore.retry('x');
  await longshore.runNow('x');
  await longshore.rerun('x');
  await longshore.stats();
  await longshore.health();
  const { schedules, queues, limits, tasks, dead, keys, quarantine, ledger } = longshore;
  await schedules.put('x', { task: 'x', cron: '@daily' });
  await schedules.get('x');
  await schedules.delete('x');
  await schedules.run('x');
  await schedules.pause('x');
  await schedules.resume('x');
  await queues.list();
  await queues.pause('x');
  await queues.resume('x');
  await limits.list();
  await limits.set('x', 5);
  await limits.reset('x');
  await tasks.list();
  await tasks.pause('x');
  await tasks.resume('x');
  await dead.groups();
  await dead.retry({ all: true });
  await dead.purge({ all: true });
  await keys.create({ name: 'x', scopes: ['enqueue'] });
  await keys.get('x');
  await keys.rotate('x');
  await keys.revoke('x');
  await quarantine.get('x');
  await quarantine.delete('x');
  await ledger.read();
  await ledger.audit();
  for (const list of [schedules.list(), keys.list(), quarantine.list(), longshore.operatorLog()]) {
    for await (const _ of list) assert.fail('the lists are empty');
  }
}

it('the version in the User-Agent is that of the package', () => {
  assert.equal(VERSION, JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8')).version);
});

it('the source imports nothing but itself, so that it runs in browsers', () => {
  const folder = new URL('src/', PACKAGE);
  for (const file of readdirSync(folder)) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const [, from = ''] of source.matchAll(/from '([^']+)'/g)) assert.match(from, /^\.\/[a-z]+\.js$/, file);
  }
});
