import type { JobList, OperatorLog, Stats } from './api.js';
import { type Clock, systemClock } from './clock.js';
import { Enqueuing } from './enqueuing.js';
import { LongshoreError, TimeoutError } from './errors.js';
import { DeadJobs, Keys, Ledgers, Limits, path, Quarantine, Queues, repeatable, Schedules, Tasks } from './operating.js';
import { pages } from './pages.js';
import type {
  AwaitOptions,
  EnqueueRequest,
  EnqueueResult,
  Job,
  JobFilter,
  Page,
  Period,
  RepeatableOptions,
  RetryRequest,
} from './requests.js';
import { type Call, type CallOptions, Transport } from './transport.js';

const ENDED = new Set<Job['state']>(['SUCCEEDED', 'DEAD', 'CANCELLED']);
const AWAIT_MILLIS = 600_000;
const FIRST_POLL_MILLIS = 250;
const LONGEST_POLL_MILLIS = 5_000;
/** Form of a key; what a header does not take would be shown by fetch's error. */
const KEY = /^ls_[A-Za-z0-9]{1,32}_[A-Za-z0-9_-]{1,128}$/;

export interface LongshoreSettings {
  /** Where the API is, such as `https://abc123.execute-api.eu-central-1.amazonaws.com`; a path is kept. */
  url: string;
  /** An API key, `ls_<id>_<secret>`. */
  key: string;
  /** How long one request may take, in milliseconds; 30,000 when not given. */
  tryTimeoutMillis?: number;
  /** How long a call may take with its repeats, in milliseconds; 60,000 when not given. */
  totalTimeoutMillis?: number;
  /** How many requests a call makes at most; 5 when not given. */
  maxTries?: number;
  /** In place of the global `fetch`. */
  fetch?: typeof fetch;
  /** @internal For tests. */
  clock?: Clock;
}

/** One entry of the operators' log. */
export type OperatorLogEntry = OperatorLog['entries'][number];

/**
 * A client of Longshore. It has no connections of its own to close. Requests that fail are repeated where that makes nothing twice;
 * the README says which. Every call rejects with a `LongshoreError`, or with the reason of its `signal`.
 */
export class Longshore {
  readonly schedules: Schedules;
  readonly queues: Queues;
  readonly limits: Limits;
  readonly tasks: Tasks;
  readonly dead: DeadJobs;
  readonly keys: Keys;
  readonly quarantine: Quarantine;
  readonly ledger: Ledgers;
  readonly #transport: Transport;
  readonly #enqueuing: Enqueuing;

  /** @throws TypeError when a setting cannot be used; it names the setting and never shows the key */
  constructor(settings: LongshoreSettings) {
    const transport = new Transport({
      url: baseUrl(settings.url),
      key: usableKey(settings.key),
      tryTimeoutMillis: positive('tryTimeoutMillis', settings.tryTimeoutMillis ?? 30_000),
      totalTimeoutMillis: positive('totalTimeoutMillis', settings.totalTimeoutMillis ?? 60_000),
      maxTries: positive('maxTries', settings.maxTries ?? 5),
      fetch: settings.fetch ?? ((...request) => globalThis.fetch(...request)),
      clock: settings.clock ?? systemClock,
    });
    this.#transport = transport;
    this.#enqueuing = new Enqueuing(transport);
    this.schedules = hidden(new Schedules(transport));
    this.queues = hidden(new Queues(transport));
    this.limits = hidden(new Limits(transport));
    this.tasks = hidden(new Tasks(transport));
    this.dead = hidden(new DeadJobs(transport));
    this.keys = hidden(new Keys(transport));
    this.quarantine = hidden(new Quarantine(transport));
    this.ledger = hidden(new Ledgers(transport));
  }

  /** With LONGSHORE_URL and LONGSHORE_KEY of the environment. */
  static fromEnvironment(settings: Partial<LongshoreSettings> = {}): Longshore {
    const { process } = globalThis as { process?: { env: Record<string, string | undefined> } };
    const url = settings.url ?? process?.env['LONGSHORE_URL'];
    const key = settings.key ?? process?.env['LONGSHORE_KEY'];
    if (!url) throw new TypeError('LONGSHORE_URL is not set: the URL of the API, such as http://127.0.0.1:8787');
    if (!key) throw new TypeError('LONGSHORE_KEY is not set: an API key with the scope enqueue, ls_<id>_<secret>');
    return new Longshore({ ...settings, url, key });
  }

  /** Enqueues a job. Once this resolves, the job is kept. */
  async enqueue<R = unknown, P = unknown>(request: EnqueueRequest<P>, options: CallOptions = {}): Promise<Job<R, P>> {
    return (await this.#enqueuing.enqueue<R>(request, options)) as Job<R, P>;
  }

  /**
   * Enqueues many jobs, by as many requests as they take. The result has one element for each, in order; it has `error` where the
   * job was refused or its request failed, and the others are enqueued all the same.
   */
  async enqueueAll<R = unknown>(requests: readonly EnqueueRequest[], options: CallOptions = {}): Promise<EnqueueResult<R>[]> {
    return this.#enqueuing.enqueueAll<R>(requests, options);
  }

  /** Uploads a payload for a day, and answers the `payloadRef` to enqueue with. `enqueue` does so by itself where it has to. */
  async upload(payload: unknown, options: CallOptions = {}): Promise<string> {
    return this.#enqueuing.upload(payload, options);
  }

  /** Reads a job with its history, result and payload. */
  async get<R = unknown, P = unknown>(id: string, options?: CallOptions): Promise<Job<R, P>> {
    return this.#call('GET', path('jobs', id), options);
  }

  /** Reads a job's payload alone, up to 5 MB. */
  async payload<P = unknown>(id: string, options?: CallOptions): Promise<P> {
    return this.#call('GET', path('jobs', id, 'payload'), options);
  }

  /** Lists jobs, newest first, page after page as they are requested. */
  list(filter: JobFilter = {}, options?: CallOptions): AsyncIterableIterator<Job> {
    return pages((cursor) => this.listPage({ ...filter, ...(cursor === undefined ? {} : { cursor }) }, options));
  }

  /** Lists jobs of one page. A page may hold fewer jobs than its size, or none, and still have a cursor. */
  async listPage(filter: JobFilter & { cursor?: string } = {}, options?: CallOptions): Promise<Page<Job>> {
    const { pageSize, ...query } = filter;
    const page = await this.#call<JobList>('GET', '/v1/jobs', { ...options, query: { limit: pageSize ?? 100, ...query } });
    return { items: page.jobs as Job[], ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
  }

  /**
   * Waits until the job has ended: SUCCEEDED, DEAD or CANCELLED. Reads it after 250 ms, and then less and less often, down to every
   * 5 s. Reads that fail for a while do not end the wait.
   *
   * @throws TimeoutError when it has not ended in time; the message names its state
   */
  async await<R = unknown, P = unknown>(id: string, options: AwaitOptions = {}): Promise<Job<R, P>> {
    const { timeoutMillis = AWAIT_MILLIS, ...call } = options;
    const { clock } = this.#transport;
    const end = clock.now() + timeoutMillis;
    let last = 'was not read';
    let cause: unknown;
    for (let poll = FIRST_POLL_MILLIS; ; poll = Math.min(LONGEST_POLL_MILLIS, poll * 1.5)) {
      try {
        const atMostMillis = Math.max(1, end - clock.now());
        const job = await this.#call<Job<R, P>>('GET', path('jobs', id), { ...call, atMostMillis });
        if (ENDED.has(job.state)) return job;
        last = `is ${job.state}`;
      } catch (error) {
        if (!(error instanceof LongshoreError && error.retryable)) throw error;
        cause = error;
      }
      const left = end - clock.now();
      if (left <= 0) {
        const detail = `Job ${id} ${last} after ${timeoutMillis} ms, and was to have ended`;
        throw new TimeoutError({ title: 'The job has not ended', detail, retryable: true, cause });
      }
      await clock.sleep(Math.min(left, poll * (0.75 + clock.random() / 2)), call.signal);
    }
  }

  /** Cancels a waiting job at once, or requests that a running one stops. */
  async cancel<R = unknown>(id: string, options?: CallOptions): Promise<Job<R>> {
    return this.#call('POST', path('jobs', id, 'cancel'), options);
  }

  /**
   * Redrives a dead job; its attempts start at zero. A lost answer is an error: the call is not repeated, since the job may have run and
   * died again in between.
   */
  async retry<R = unknown>(id: string, request: RetryRequest = {}, options?: CallOptions): Promise<Job<R>> {
    return this.#call('POST', path('jobs', id, 'retry'), { ...options, body: JSON.stringify(request), repeat: 'throttled' });
  }

  /** Makes a job due now that waits for its time or its backoff. */
  async runNow<R = unknown>(id: string, options?: CallOptions): Promise<Job<R>> {
    return this.#call('POST', path('jobs', id, 'run-now'), options);
  }

  /** Enqueues a job like one that has ended, with another payload if there is one in the request. */
  async rerun<R = unknown>(id: string, request: { payload?: unknown } = {}, options?: RepeatableOptions): Promise<Job<R>> {
    return this.#call('POST', path('jobs', id, 'rerun'), repeatable({ ...options, body: JSON.stringify(request) }));
  }

  /** Counts by state, and how long jobs waited and ran, of all tasks or one; the last hour when not given, 31 days at most. */
  async stats(period: Period & { task?: string } = {}, options?: CallOptions): Promise<Stats> {
    return this.#call('GET', '/v1/stats', { ...options, query: { ...period } });
  }

  /** What operators did, newest first; of the last seven days when not given. */
  operatorLog(period: Period = {}, options?: CallOptions): AsyncIterableIterator<OperatorLogEntry> {
    return pages(async (cursor) => {
      const query = { limit: 100, cursor, ...period };
      const page = await this.#call<OperatorLog>('GET', '/v1/operator-log', { ...options, query });
      return { ...page, items: page.entries };
    });
  }

  /** Resolves when the API and its table answer. */
  async health(options?: CallOptions): Promise<void> {
    await this.#call('GET', '/v1/health', options);
  }

  async #call<T>(method: Call['method'], to: string, rest: Partial<Call> = {}): Promise<T> {
    return (await this.#transport.send({ repeat: 'always', ...rest, method, path: to })) as T;
  }
}

function baseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError('url is no URL; it is that of the API, such as http://127.0.0.1:8787');
  }
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('url begins with http:// or https://, and has no user, query or fragment');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function usableKey(key: string): string {
  if (!KEY.test(key)) {
    throw new TypeError('key is not of the form ls_<id>_<secret>; spaces and line ends do not belong to it');
  }
  return key;
}

function positive(name: string, value: number): number {
  if (!(value > 0)) throw new TypeError(`${name} is above 0, and is ${value}`);
  return value;
}

/** Keeps the transport, which has the key, out of console.log. */
function hidden<T extends object>(group: T): T {
  return Object.defineProperty(group, 'transport', { enumerable: false });
}
