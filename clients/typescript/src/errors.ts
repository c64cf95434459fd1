import type { Problem, State } from './api.js';

/** What kind of failure an error is; each has a class of its own. */
export type ErrorKind =
  | 'refused'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'rate-limited'
  | 'server'
  | 'connection'
  | 'timeout';

/** What there is to say of a failure: the fields of a problem (RFC 9457) where Longshore answered with one. */
export type Failure = Partial<Problem> & { retryAfterMillis?: number; cause?: unknown };

/** A call that failed. Neither message nor fields contain the key or a payload. */
export abstract class LongshoreError extends Error {
  abstract readonly kind: ErrorKind;
  /** URI of the problem, `https://longshore.dev/problems/…`; `about:blank` where there was no problem in the answer. */
  readonly type: string;
  readonly title: string;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** What is wrong, and how to fix it. */
  readonly detail: string;
  /** JSON pointer to the first offending field of the request. */
  readonly field: string | undefined;
  /** The offending parameter of the query. */
  readonly parameter: string | undefined;
  /** All offending fields, when there is more than one. */
  readonly errors: NonNullable<Problem['errors']>;
  /** State of the job that forbids the call. */
  readonly state: State | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Names the request in Longshore's log. */
  readonly requestId: string | undefined;
  /** Milliseconds to wait before the next try, as the answer says; undefined where it does not. */
  readonly retryAfterMillis: number | undefined;
  /** How many requests the call has made. */
  tries = 1;

  /** @internal */
  constructor(failure: Failure) {
    const title = failure.title ?? 'Request failed';
    const detail = failure.detail ?? '';
    const id = failure.requestId === undefined ? '' : ` (request ${failure.requestId})`;
    super(`${title}${detail === '' ? '' : `: ${detail}`}${id}`, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.name = new.target.name;
    this.type = failure.type ?? 'about:blank';
    this.title = title;
    this.status = failure.status;
    this.detail = detail;
    this.field = failure.field;
    this.parameter = failure.parameter;
    this.errors = failure.errors ?? [];
    this.state = failure.state;
    this.retryable = failure.retryable ?? false;
    this.requestId = failure.requestId;
    this.retryAfterMillis = failure.retryAfterMillis;
  }
}

/** The request is wrong (400, 406, 413, 415, 422); `field` says where. */
export class RefusedError extends LongshoreError {
  readonly kind = 'refused';
}

/** There is no key, or it is unknown, revoked or expired (401). */
export class UnauthorizedError extends LongshoreError {
  readonly kind = 'unauthorized';
}

/** The key lacks the scope, or is restricted to other tasks (403). */
export class ForbiddenError extends LongshoreError {
  readonly kind = 'forbidden';
}

/** There is no such job, schedule, key or path (404). */
export class NotFoundError extends LongshoreError {
  readonly kind = 'not-found';
}

/** The state of the job, schedule or key forbids the call (409); of a job it is in `state`. */
export class ConflictError extends LongshoreError {
  readonly kind = 'conflict';
}

/** The front door throttles (429), to the last try. */
export class RateLimitedError extends LongshoreError {
  readonly kind = 'rate-limited';
}

/** Longshore or what is in front of it failed (5xx), to the last try. */
export class ServerError extends LongshoreError {
  readonly kind = 'server';
}

/** No whole answer came. The request may have taken effect all the same. */
export class ConnectionError extends LongshoreError {
  readonly kind = 'connection';
}

/** The time of the request, of the call or of a wait was over. The request may have taken effect all the same. */
export class TimeoutError extends LongshoreError {
  readonly kind = 'timeout';
}

/** @internal The error of an answer with this status. */
export function errorOf(status: number, failure: Failure): LongshoreError {
  const all: Failure = { ...failure, status };
  if (status >= 500) return new ServerError(all);
  switch (status) {
    case 401:
      return new UnauthorizedError(all);
    case 403:
      return new ForbiddenError(all);
    case 404:
      return new NotFoundError(all);
    case 409:
      return new ConflictError(all);
    case 429:
      return new RateLimitedError(all);
    default:
      return new RefusedError(all);
  }
}
