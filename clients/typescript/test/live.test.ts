import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ForbiddenError, type Job, Longshore, NotFoundError, UnauthorizedError } from '../src/index.js';

const SNIPPETS = new URL('snippets/', import.meta.url);
const { LONGSHORE_URL, LONGSHORE_KEY } = process.env;
const skip = LONGSHORE_URL && LONGSHORE_KEY ? false : 'LONGSHORE_URL and LONGSHORE_KEY are not set: `mvn -Pdev` prints both';

/** Names of this run alone: the runtime may have others' jobs. */
const run = `ts-${Date.now().toString(36)}`;

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

describe('a running Longshore', { skip, concurrency: 4 }, () => {
  const longshore = skip === false ? Longshore.fromEnvironment() : (undefined as unknown as Longshore);

  it('runs a job and answers what its handler returns', async () => {
    const request = { task: 'rehearse', payload: { value: 'hello' }, tags: [run], meta: { order: '7' }, maxAttempts: 2 };
    const job = await longshore.enqueue<{ value: string }, { value: string }>(request);
    assert.deepEqual([job.task, job.tags, job.meta, job.maxAttempts, job.payload?.value], ['rehearse', [run], { order: '7' }, 2, 'hello']);

    const done = await longshore.await<{ value: string }>(job.id, { timeoutMillis: 60_000 });
    assert.equal(done.state, 'SUCCEEDED');
    assert.equal(done.result?.value, 'hello');
    assert.deepEqual(await longshore.payload(job.id), { value: 'hello' });
  });

  it('takes times as dates, and runs a job now', async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    const job = await longshore.enqueue({ task: 'rehearse', runAt, expiresAt: new Date(runAt.getTime() + 60_000) });
    assert.equal(job.state, 'SCHEDULED');
    assert.equal(job.runAt, runAt.toISOString());

    await longshore.runNow(job.id);
    assert.equal((await longshore.await(job.id, { timeoutMillis: 60_000 })).state, 'SUCCEEDED');
  });

  it('uploads a payload once for several jobs', async () => {
    const payloadRef = await longshore.upload({ value: 'shared' });
    const results = await longshore.enqueueAll([1, 2].map(() => ({ task: 'rehearse', payloadRef, tags: [`${run}-upload`] })));

    const jobs = results.map(({ job }) => job as Job);
    assert.deepEqual(await Promise.all(jobs.map(({ id }) => longshore.payload(id))), [{ value: 'shared' }, { value: 'shared' }]);
    assert.equal((await all(longshore.list({ tag: `${run}-upload`, pageSize: 1 }))).length, 2);
  });

  it('takes a dead job through its groups, a retry with another payload and a rerun', async () => {
    const payload = { failAttempts: 1, failWith: 'discard' };
    const { id } = await longshore.enqueue({ task: 'rehearse', payload, tags: [`${run}-dead`] });
    const dead = await longshore.await(id, { timeoutMillis: 60_000 });
    assert.equal(dead.deadReason, 'discarded');
    assert.ok((await longshore.dead.groups({ task: 'rehearse' })).groups.some(({ fingerprint }) => fingerprint === dead.fingerprint));
    assert.deepEqual(await longshore.dead.retry({ tag: `${run}-dead`, dryRun: true }), { count: 1, complete: true });

    await longshore.retry(id, { payload: { value: 'fixed' } });
    assert.equal((await longshore.await(id, { timeoutMillis: 60_000 })).state, 'SUCCEEDED');
    assert.equal((await longshore.rerun(id)).rerunOf, id);
  });

  it('purges dead jobs', async () => {
    const payload = { failAttempts: 1, failWith: 'discard' };
    const { id } = await longshore.enqueue({ task: 'rehearse', payload, tags: [`${run}-purge`] });
    await longshore.await(id, { timeoutMillis: 60_000 });

    const purge = await longshore.dead.purge({ tag: `${run}-purge` });
    await longshore.await(purge.id, { timeoutMillis: 60_000 });

    await assert.rejects(longshore.get(id), NotFoundError);
  });

  it('has schedules', async () => {
    const { schedules } = longshore;
    const made = await schedules.put(run, { task: 'rehearse', every: 'PT24H', anchor: new Date(0), tags: [run] });
    assert.equal(made.next.length, 5);
    assert.ok((await all(schedules.list())).some(({ name }) => name === run));
    assert.equal((await schedules.run(run)).task, 'rehearse');
    assert.equal((await schedules.pause(run)).paused, true);
    assert.equal((await schedules.resume(run)).paused, false);
    assert.equal((await schedules.get(run)).every, 'PT24H');
    await schedules.delete(run);
    await assert.rejects(schedules.get(run), NotFoundError);
  });

  it('has keys, which do what their scopes say until they are revoked', async () => {
    const { keys } = longshore;
    const created = await keys.create({ name: run, scopes: ['enqueue'], tasks: ['rehearse'], expiresAt: new Date(Date.now() + 3_600_000) });
    const shop = new Longshore({ url: LONGSHORE_URL ?? '', key: created.key });
    const job = await shop.enqueue({ task: 'rehearse' });
    await assert.rejects(shop.get(job.id), ForbiddenError);

    const rotated = await keys.rotate(created.id, { overlapSeconds: 0 });
    await new Longshore({ url: LONGSHORE_URL ?? '', key: rotated.key }).enqueue({ task: 'rehearse' });
    assert.equal((await keys.get(created.id)).name, run);
    assert.ok((await all(keys.list())).some(({ id }) => id === created.id));
    await keys.revoke(created.id);
    await assert.rejects(new Longshore({ url: LONGSHORE_URL ?? '', key: rotated.key }).enqueue({ task: 'rehearse' }), UnauthorizedError);
  });

  it('has tasks and queues that can be paused', async () => {
    assert.ok((await longshore.tasks.list()).some(({ name }) => name === 'call-api'));
    assert.ok((await longshore.queues.list()).some(({ pool }) => pool === 'rehearsals'));
    assert.ok((await longshore.tasks.pause('call-api')).paused);
    assert.equal((await longshore.tasks.resume('call-api')).paused, undefined);
  });

  it('accounts for itself', async () => {
    await longshore.health();
    assert.ok((await longshore.stats({ task: 'rehearse' })).complete);
    assert.match((await longshore.ledger.audit()).requestedAt, /^\d{4}-/);
    assert.ok((await longshore.ledger.read({ from: new Date(Date.now() - 7_200_000) })).totals.missing === 0);
    const log = await all(longshore.operatorLog());
    assert.ok(log.some(({ action }) => action === 'POST /v1/ledger/audit'));
    assert.deepEqual(await all(longshore.quarantine.list()), []);
    await assert.rejects(longshore.quarantine.get('none'), NotFoundError);
  });

  for (const file of readdirSync(SNIPPETS).filter((name) => name.endsWith('.js'))) {
    it(`runs the README's code: ${file}`, async () => {
      await import(new URL(file, SNIPPETS).href);
    });
  }
});
