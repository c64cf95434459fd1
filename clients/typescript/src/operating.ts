import type {
  DeadLetters,
  DryRun,
  Key,
  KeyList,
  KeyWithSecret,
  Ledger,
  Limit,
  LimitList,
  NewKey,
  PauseState,
  Quarantined,
  QuarantineList,
  Queue,
  QueueList,
  Rotation,
  Schedule,
  ScheduleList,
  Task,
  TaskList,
} from './api.js';
import { pages } from './pages.js';
import type { DeadFilter, Job, Period, RedriveRequest, RepeatableOptions, ScheduleRequest, Time } from './requests.js';
import type { Call, CallOptions, Transport } from './transport.js';

/** A message in quarantine, without its bytes. */
export type QuarantinedMessage = QuarantineList['messages'][number];

/** The rest of a call: its method and path are arguments. */
type Rest = Partial<Omit<Call, 'method' | 'path'>>;

abstract class Group {
  /** @internal */
  constructor(protected readonly transport: Transport) {}

  /** A call that may be repeated. */
  protected call<T>(method: Call['method'], path: string, rest: Rest | undefined): Promise<T> {
    return this.transport.send({ repeat: 'always', ...rest, method, path }) as Promise<T>;
  }
}

/** Jobs by the clock. */
export class Schedules extends Group {
  /** Makes the schedule, or changes the one of that name. What is not given is as by default, but for `paused`. */
  put(name: string, schedule: ScheduleRequest, options?: CallOptions): Promise<Schedule> {
    return this.call('PUT', path('schedules', name), { ...options, body: JSON.stringify(schedule) });
  }

  get(name: string, options?: CallOptions): Promise<Schedule> {
    return this.call('GET', path('schedules', name), options);
  }

  /** All of them by name, without payloads. */
  list(options?: CallOptions): AsyncIterableIterator<Schedule> {
    return pages(async (cursor) => {
      const page = await this.call<ScheduleList>('GET', '/v1/schedules', { ...options, query: { limit: 100, cursor } });
      return { ...page, items: page.schedules };
    });
  }

  /** Deletes it. Jobs that were made ahead of their time are cancelled; others stay. */
  async delete(name: string, options?: CallOptions): Promise<void> {
    await this.call('DELETE', path('schedules', name), options);
  }

  /** Makes one job at once, also while the schedule is paused. A lost answer is an error: the call is not repeated, since that would make a second job. */
  run<R = unknown>(name: string, options?: CallOptions): Promise<Job<R>> {
    return this.call('POST', path('schedules', name, 'run'), { ...options, repeat: 'throttled' });
  }

  pause(name: string, options?: CallOptions): Promise<Schedule> {
    return this.call('POST', path('schedules', name, 'pause'), options);
  }

  resume(name: string, options?: CallOptions): Promise<Schedule> {
    return this.call('POST', path('schedules', name, 'resume'), options);
  }
}

/** Pools: how full each is, and pauses. */
export class Queues extends Group {
  async list(options?: CallOptions): Promise<Queue[]> {
    return (await this.call<QueueList>('GET', '/v1/queues', options)).queues;
  }

  /** No more jobs of the pool start; those that run continue to their end. */
  pause(pool: string, options?: CallOptions): Promise<PauseState> {
    return this.call('POST', path('queues', pool, 'pause'), options);
  }

  resume(pool: string, options?: CallOptions): Promise<PauseState> {
    return this.call('POST', path('queues', pool, 'resume'), options);
  }
}

/** How many jobs of a task, or of several, run at once. */
export class Limits extends Group {
  /** All of them by name. */
  async list(options?: CallOptions): Promise<Limit[]> {
    return (await this.call<LimitList>('GET', '/v1/limits', options)).limits;
  }

  /**
   * Sets how many jobs run at once, 1 to 1,000, in place of the code's number and until `reset`, also after deployments. Workers read it
   * within 5 s. Jobs above a lower number run to their end.
   */
  set(name: string, concurrent: number, options?: CallOptions): Promise<Limit> {
    return this.call('PUT', path('limits', name), { ...options, body: JSON.stringify({ concurrent }) });
  }

  /** Has the code's number count again. Does nothing where no other is set. */
  reset(name: string, options?: CallOptions): Promise<Limit> {
    return this.call('DELETE', path('limits', name), { ...options, goneIsDone: false });
  }
}

/** What jobs there can be. */
export class Tasks extends Group {
  async list(options?: CallOptions): Promise<Task[]> {
    return (await this.call<TaskList>('GET', '/v1/tasks', options)).tasks;
  }

  /** No more jobs of the task start; those that run continue to their end. */
  pause(task: string, options?: CallOptions): Promise<PauseState> {
    return this.call('POST', path('tasks', task, 'pause'), options);
  }

  resume(task: string, options?: CallOptions): Promise<PauseState> {
    return this.call('POST', path('tasks', task, 'resume'), options);
  }
}

/** Dead jobs: why they died, and what becomes of them. */
export class DeadJobs extends Group {
  /** What they died of, counted by the fingerprint of their error, the largest group first; at most `limit` groups, 1 to 200, else 50. */
  groups(filter: Period & { task?: string; limit?: number } = {}, options?: CallOptions): Promise<DeadLetters> {
    return this.call('GET', '/v1/dead-letters', { ...options, query: { ...filter } });
  }

  /** Counts the jobs that the request would redrive; makes nothing. */
  retry(request: RedriveRequest & { dryRun: true }, options?: RepeatableOptions): Promise<DryRun>;
  /** Redrives dead jobs by a maintenance job, which is answered. */
  retry(request: RedriveRequest & { dryRun?: false }, options?: RepeatableOptions): Promise<Job>;
  retry(request: RedriveRequest, options?: RepeatableOptions): Promise<Job | DryRun> {
    return this.call('POST', '/v1/jobs/retry', repeatable({ ...options, body: JSON.stringify(request) }));
  }

  /** Counts the jobs that the request would purge; purges nothing. */
  purge(request: DeadFilter & { dryRun: true }, options?: RepeatableOptions): Promise<DryRun>;
  /** Purges dead jobs by a maintenance job, which is answered. */
  purge(request: DeadFilter & { dryRun?: false }, options?: RepeatableOptions): Promise<Job>;
  purge(request: DeadFilter, options?: RepeatableOptions): Promise<Job | DryRun> {
    return this.call('POST', '/v1/jobs/purge', repeatable({ ...options, body: JSON.stringify(request) }));
  }
}

/** API keys. A call that makes a secret is not repeated: the answer that was lost was the only one that had it. */
export class Keys extends Group {
  /** Creates a key. The answer is the only one that has it. */
  create(key: Omit<NewKey, 'expiresAt'> & { expiresAt?: Time }, options?: CallOptions): Promise<KeyWithSecret> {
    return this.call('POST', '/v1/keys', { ...options, body: JSON.stringify(key), repeat: 'throttled' });
  }

  /** All keys by id, without secrets; expired ones included, revoked ones not. */
  list(options?: CallOptions): AsyncIterableIterator<Key> {
    return pages(async (cursor) => {
      const page = await this.call<KeyList>('GET', '/v1/keys', { ...options, query: { limit: 100, cursor } });
      return { ...page, items: page.keys };
    });
  }

  get(id: string, options?: CallOptions): Promise<Key> {
    return this.call('GET', path('keys', id), options);
  }

  /** Makes another secret for the same key; the one before works on for `overlapSeconds`, a day when not given. When the answer is lost, rotate again. */
  rotate(id: string, rotation: Rotation = {}, options?: CallOptions): Promise<KeyWithSecret> {
    return this.call('POST', path('keys', id, 'rotate'), { ...options, body: JSON.stringify(rotation), repeat: 'throttled' });
  }

  /** Revokes a key; with `self`, also the one of this client. */
  async revoke(id: string, options?: CallOptions & { self?: boolean }): Promise<void> {
    const { self, ...rest } = options ?? {};
    await this.call('DELETE', path('keys', id), { ...rest, query: { self } });
  }
}

/** Messages that no function could read. */
export class Quarantine extends Group {
  list(options?: CallOptions): AsyncIterableIterator<QuarantinedMessage> {
    return pages(async (cursor) => {
      const page = await this.call<QuarantineList>('GET', '/v1/quarantine', { ...options, query: { limit: 100, cursor } });
      return { ...page, items: page.messages };
    });
  }

  /** One message with its bytes in Base64. */
  get(id: string, options?: CallOptions): Promise<Quarantined> {
    return this.call('GET', path('quarantine', id), options);
  }

  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.call('DELETE', path('quarantine', id), options);
  }
}

/** Whether every job that was accepted is accounted for. */
export class Ledgers extends Group {
  /** Hour by hour of the jobs' ids; the last day when not given, 31 days at most. */
  read(period: Period = {}, options?: CallOptions): Promise<Ledger> {
    return this.call('GET', '/v1/ledger', { ...options, query: { ...period } });
  }

  /** Requests an audit of every open hour; it is done when `read` has no `auditRequestedAt`. */
  audit(options?: CallOptions): Promise<{ requestedAt: string }> {
    return this.call('POST', '/v1/ledger/audit', options);
  }
}

/** @internal With a key by which Longshore recognises a repeat. */
export function repeatable<T extends Rest>(rest: T): T & { idempotencyKey: string } {
  const key = rest.idempotencyKey ?? globalThis.crypto.randomUUID();
  if (!/^[ -~]{1,255}$/.test(key)) {
    throw new TypeError(`An idempotencyKey has 1 to 255 characters of printable ASCII, and this one has ${key.length} characters, or others`);
  }
  return { ...rest, idempotencyKey: key };
}

/** @internal A path under /v1, each part encoded. */
export function path(...parts: string[]): string {
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new TypeError('An id or a name is empty, or dots alone: it would lead to another path');
  }
  return `/v1/${parts.map(encodeURIComponent).join('/')}`;
}
