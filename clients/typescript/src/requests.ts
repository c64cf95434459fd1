import type { Job as ApiJob, NewJob, NewSchedule, Purge, Redrive, Retry } from './api.js';
import type { LongshoreError } from './errors.js';
import type { CallOptions } from './transport.js';

/** A time: ISO 8601, or a Date. */
export type Time = string | Date;

/** Why a job is dead. */
export type DeadReason = NonNullable<ApiJob['deadReason']>;

/** What to enqueue. With neither `id` nor `idempotencyKey` the client makes an id. */
export interface EnqueueRequest<P = unknown> extends Omit<NewJob, 'payload' | 'payloadRef' | 'runAt' | 'expiresAt'> {
  /** What the task's handler gets, at most 5 MB; one that no request carries is uploaded first. */
  payload?: P;
  /** In place of `payload`: what `upload` answered. */
  payloadRef?: string;
  /** Not to start before this time; instead of `delaySeconds`. */
  runAt?: Time | null;
  /** If it was not started by then, it is DEAD as `expired`. */
  expiresAt?: Time | null;
}

/** A job; `R` is what its handler returns, `P` its payload. */
export interface Job<R = unknown, P = unknown> extends Omit<ApiJob, 'result' | 'payload'> {
  /** There when it is SUCCEEDED. */
  result?: R;
  /** Left out above 256 KB: `payload(id)` has it. */
  payload?: P;
}

/** What became of one job of `enqueueAll`: it, or why it is not enqueued. */
export type EnqueueResult<R = unknown> = { job: Job<R>; error?: undefined } | { job?: undefined; error: LongshoreError };

/** Options of a call that Longshore recognises when it is made again. */
export interface RepeatableOptions extends CallOptions {
  /** The same call under the same key is done once, for seven days; 1 to 255 characters of printable ASCII. The client makes one when not given. */
  idempotencyKey?: string;
}

export interface AwaitOptions extends CallOptions {
  /** How long to wait for the end of the job, in milliseconds; 10 minutes when not given. */
  timeoutMillis?: number;
}

/** Which jobs to list. */
export interface JobFilter {
  /** By its name or an alias. */
  task?: string;
  state?: ApiJob['state'];
  tag?: string;
  /** Created at or after; seven days before `to`, or before now, when not given. */
  from?: Time;
  /** Created at or before. */
  to?: Time;
  /** Jobs in one request, 1 to 100; 100 when not given. */
  pageSize?: number;
}

/** A part of a list, and where the next one begins. */
export interface Page<T> {
  items: T[];
  /** There when there may be more. */
  cursor?: string;
}

/** Which dead jobs; one filter at least, or `all`. */
export interface DeadFilter extends Omit<Purge, 'from' | 'to' | 'reason'> {
  reason?: DeadReason;
  /** Died at or after. */
  from?: Time;
  /** Died at or before; now when not given. */
  to?: Time;
}

/** Which dead jobs to redrive, and how fast. */
export type RedriveRequest = DeadFilter & Pick<Redrive, 'ratePerSecond' | 'canary'>;

/** With another payload or task. */
export type RetryRequest = Retry;

/** A schedule's definition: `cron` or `every`. */
export interface ScheduleRequest extends Omit<NewSchedule, 'anchor'> {
  anchor?: Time | null;
}

/** From when to when; the last day, hour or week when not given, as the call says. */
export interface Period {
  from?: Time;
  to?: Time;
}
