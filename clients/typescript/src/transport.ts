import type { Problem } from './api.js';
import type { Clock } from './clock.js';
import { ConnectionError, errorOf, type LongshoreError, NotFoundError, TimeoutError } from './errors.js';
import { VERSION } from './version.js';

const FIRST_WAIT_MILLIS = 200;
const LONGEST_WAIT_MILLIS = 5_000;
const REPEATED_STATUS = new Set([429, 502, 503, 504]);

export interface TransportSettings {
  url: string;
  key: string;
  tryTimeoutMillis: number;
  totalTimeoutMillis: number;
  maxTries: number;
  fetch: typeof fetch;
  clock: Clock;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** W3C trace context; travels with the job to its handler. */
  traceparent?: string | undefined;
}

/** One call of the API. */
export interface Call extends CallOptions {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under the API's URL, or a whole URL, which then gets no key. */
  path: string;
  query?: Record<string, string | number | boolean | Date | null | undefined> | undefined;
  /** JSON. */
  body?: string | undefined;
  headers?: Record<string, string> | undefined;
  idempotencyKey?: string | undefined;
  /** Whether 404 to a repeated DELETE says that the one before has had its effect; true when not given. */
  goneIsDone?: boolean;
  /**
   * When a request that failed is sent again: `always` where a second one does no harm, `throttled` where Longshore could not
   * recognise it, so that only 429 is repeated: that answer says that the request had no effect.
   */
  repeat: 'always' | 'throttled';
  /** Less than the client's own time for the call. */
  atMostMillis?: number | undefined;
}

/** Sends requests, repeats those that failed, and makes errors of answers. */
export class Transport {
  constructor(readonly settings: TransportSettings) {}

  get clock(): Clock {
    return this.settings.clock;
  }

  /** Answers the JSON of a 2xx; undefined for one without a body, and for a repeated DELETE of what is gone. */
  async send(call: Call): Promise<unknown> {
    requireTraceparent(call.traceparent);
    const end = this.clock.now() + Math.min(this.settings.totalTimeoutMillis, call.atMostMillis ?? Infinity);
    for (let tries = 1, unclear = false; ; tries++) {
      const left = Math.max(1, end - this.clock.now());
      const outcome = await this.request(call, Math.min(this.settings.tryTimeoutMillis, left));
      if (outcome.error === undefined) return outcome.json;
      const { error } = outcome;
      if (unclear && call.method === 'DELETE' && call.goneIsDone !== false && error instanceof NotFoundError) return undefined;
      error.tries = tries;
      unclear ||= error.status !== 429;
      const wait = this.wait(tries, error);
      const repeated = error.retryable && (call.repeat === 'always' || error.status === 429);
      if (!repeated || tries >= this.settings.maxTries || this.clock.now() + wait >= end) throw error;
      await this.clock.sleep(wait, call.signal);
    }
  }

  /** Milliseconds before the next try: what the answer says, else a random part of a time that doubles. */
  wait(tries: number, error: LongshoreError): number {
    const longest = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS * 2 ** (tries - 1));
    return error.retryAfterMillis ?? this.clock.random() * longest;
  }

  private async request(call: Call, millis: number): Promise<{ json?: unknown; error?: LongshoreError }> {
    call.signal?.throwIfAborted();
    const abort = new AbortController();
    const stop = () => abort.abort(call.signal?.reason);
    call.signal?.addEventListener('abort', stop, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      abort.abort();
    }, millis);
    const name = nameOf(call);
    try {
      const response = await this.settings.fetch(this.url(call), {
        method: call.method,
        headers: this.headers(call),
        signal: abort.signal,
        // a redirect would make a GET of a POST
        redirect: 'manual',
        credentials: 'omit',
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      const text = await response.text();
      return response.ok ? success(name, response, text) : { error: failure(name, response, text) };
    } catch (cause) {
      call.signal?.throwIfAborted();
      return { error: late ? timedOut(name, millis) : notAnswered(name, cause) };
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', stop);
    }
  }

  private url(call: Call): string {
    if (isElsewhere(call)) return call.path;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined && value !== null) query.set(name, value instanceof Date ? value.toISOString() : String(value));
    }
    return `${this.settings.url}${call.path}${query.size === 0 ? '' : `?${query}`}`;
  }

  private headers(call: Call): Record<string, string> {
    const headers: Record<string, string> = { ...call.headers };
    if (isElsewhere(call)) return headers;
    headers['Authorization'] = `Bearer ${this.settings.key}`;
    headers['Accept'] = 'application/json';
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (call.idempotencyKey !== undefined) headers['Idempotency-Key'] = call.idempotencyKey;
    if (call.traceparent !== undefined) headers['traceparent'] = call.traceparent;
    // browsers do not let a page set it
    if (runsInNode()) headers['User-Agent'] = `longshore-typescript/${VERSION}`;
    return headers;
  }
}

/** What a header does not take would be an error of fetch's that shows it. */
function requireTraceparent(traceparent: string | undefined): void {
  if (traceparent !== undefined && !/^[0-9a-f]{2}(-[0-9a-f]+)+$/.test(traceparent)) {
    throw new TypeError('traceparent is not of the form 00-<trace id>-<parent id>-<flags> (W3C Trace Context)');
  }
}

function runsInNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}

function isElsewhere(call: Call): boolean {
  return !call.path.startsWith('/');
}

/** An upload's URL has a signature, which is a secret. */
function nameOf(call: Call): string {
  return isElsewhere(call) ? `${call.method} of the upload` : `${call.method} ${call.path}`;
}

function success(name: string, response: Response, text: string): { json?: unknown; error?: LongshoreError } {
  if (text === '') return {};
  try {
    return { json: JSON.parse(text) };
  } catch {
    const type = response.headers.get('Content-Type') ?? 'none';
    const detail = `${name}: ${response.status} with ${text.length} characters that are no JSON (Content-Type ${type}). Is the URL the API's?`;
    return { error: new ConnectionError({ title: 'Unreadable answer', detail, status: response.status }) };
  }
}

function failure(name: string, response: Response, text: string): LongshoreError {
  const { status } = response;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    const detail = `${name} is redirected, which is not followed, since that would make a GET of a POST. Set the URL that it leads to`;
    return new ConnectionError({ title: 'Redirected', detail });
  }
  const problem = problemOf(response, text);
  return errorOf(status, {
    ...(problem ?? { title: `HTTP ${status}`, detail: `${name} was answered without a problem of Longshore's, so by a gateway or proxy in front of it` }),
    retryable: problem?.retryable ?? REPEATED_STATUS.has(status),
    ...retryAfter(response),
  });
}

function problemOf(response: Response, text: string): Problem | undefined {
  if (!(response.headers.get('Content-Type') ?? '').startsWith('application/problem+json')) return undefined;
  try {
    return JSON.parse(text) as Problem;
  } catch {
    // a gateway's own text under Longshore's header: the status says enough
    return undefined;
  }
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function retryAfter(response: Response): { retryAfterMillis?: number } {
  const header = response.headers.get('Retry-After');
  if (header === null) return {};
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? {} : { retryAfterMillis: Math.max(0, seconds * 1000) };
}

function timedOut(name: string, millis: number): LongshoreError {
  const detail = `${name} was not answered within ${Math.round(millis)} ms. It may have taken effect`;
  return new TimeoutError({ title: 'No answer in time', detail, retryable: true });
}

/** What Node says when there was no connection; browsers do not say. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function notAnswered(name: string, cause: unknown): LongshoreError {
  const root: unknown = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = root instanceof Error ? root.message : String(root);
  if (root instanceof Error && 'code' in root && NOT_CONNECTED.has(String(root.code))) {
    return new ConnectionError({ title: 'No connection', detail: `${name} could not connect: ${why}`, retryable: true, cause });
  }
  const detail = `${name} got no whole answer: ${why}. It may have taken effect`;
  return new ConnectionError({ title: 'Connection failed', detail, retryable: true, cause });
}
