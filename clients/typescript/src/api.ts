// Made from openapi.json by scripts/types.mjs; do not edit.

export interface NewJob {
  /** One of GET /v1/tasks, or an alias of one */
  task: string;
  /** What the task's handler gets; at most 5 MB of UTF-8. {} when not given */
  payload?: unknown;
  /** The payloadRef of POST /v1/uploads, in place of payload */
  payloadRef?: string | null;
  /** Not to start before so many seconds from now */
  delaySeconds?: number | null;
  /** Not to start before this time; instead of delaySeconds */
  runAt?: string | null;
  /** The task's own number when not given */
  maxAttempts?: number | null;
  /** The customer for whom SQS's fair queues count the job */
  fairKey?: string | null;
  /** Whose slots the job takes of its task's limits that are per key; jobs without one have slots of their own together */
  limitKey?: string | null;
  /** What it is listed by; one that is there twice is kept once. No control characters */
  tags?: string[] | null;
  /** If it was not started by then, it is DEAD as expired */
  expiresAt?: string | null;
  /** A UUID of version 7 made by the client, its time within a day of now: the cheapest idempotency */
  id?: string | null;
  /** Travels with the job to its handler; at most 2 KB, names of 1 to 64 characters, no control characters */
  meta?: Record<string, string> | null;
  /** Instead of the header, for jobs of a batch */
  idempotencyKey?: string | null;
  /** At most one job of the task with this key waits or runs at a time; in place of the payload fields by which the task is unique */
  uniqueKey?: string | null;
  /** When another job has the unique key: keep answers 200 with it, replace gives it this payload and time if it never started, reject is 409. As the task says, or keep, when not given */
  onDuplicate?: 'keep' | 'replace' | 'reject' | null;
  /** How long another job has its key: until it has ended, or until it is started for the first time. As the task says, or unfinished, when not given */
  uniqueWhile?: 'unfinished' | 'waiting' | null;
  /** With replace: how long after its creation a job is due at the latest, however often it is replaced */
  debounceMaxSeconds?: number | null;
}

export interface NewJobs {
  jobs: NewJob[];
}

export interface NewUpload {
  /** Length of the payload in bytes of UTF-8; the PUT must have it */
  bytes: number;
  /** SHA-256 of the payload; the PUT is refused when it has another */
  sha256?: string | null;
}

export interface Upload {
  /** Takes the payload; its signature is a secret */
  url: string;
  method: 'PUT';
  /** The PUT must have these, besides Content-Length */
  headers: Record<string, string>;
  /** Names the upload in NewJob, for a day and for the key that opened it */
  payloadRef: string;
  /** When the URL takes no PUT any more */
  expiresAt: string;
  /** The largest payload */
  maxBytes: number;
}

export interface Retry {
  /** Instead of the job's payload; checked as at its enqueue */
  payload?: unknown;
  /** Whether the next attempt continues from the checkpoint, although the payload or the task is another; else it is dropped */
  keepCheckpoint?: boolean | null;
  /** The task to run as, one of GET /v1/tasks, instead of the job's own; the payload is checked against it */
  task?: string | null;
}

export interface Redrive {
  /** Jobs of this task, by its name or an alias; also of a task that the catalogue has lost, while dead jobs have it */
  task?: string;
  /** The fingerprint of what they died of */
  error?: string;
  reason?: 'exhausted' | 'discarded' | 'expired' | 'crashed' | 'unknown_task' | 'unknown_pool' | 'undecodable' | 'payload_missing' | 'result_too_large' | 'chain_too_long';
  tag?: string;
  /** Died at or after */
  from?: string;
  /** Died at or before; the time of the request when not given */
  to?: string;
  /** True, and no filter: all dead jobs */
  all?: boolean;
  /** At most so many, oldest death first */
  limit?: number;
  /** How many become due in a second; all at once when not given */
  ratePerSecond?: number;
  /** First one, then ten, and the rest when none of them failed as before */
  canary?: boolean;
  /** Makes nothing and answers how many jobs it would take */
  dryRun?: boolean;
}

export interface Purge {
  /** Jobs of this task, by its name or an alias; also of a task that the catalogue has lost, while dead jobs have it */
  task?: string;
  /** The fingerprint of what they died of */
  error?: string;
  reason?: 'exhausted' | 'discarded' | 'expired' | 'crashed' | 'unknown_task' | 'unknown_pool' | 'undecodable' | 'payload_missing' | 'result_too_large' | 'chain_too_long';
  tag?: string;
  /** Died at or after */
  from?: string;
  /** Died at or before; the time of the request when not given */
  to?: string;
  /** True, and no filter: all dead jobs */
  all?: boolean;
  /** At most so many, oldest death first */
  limit?: number;
  /** Makes nothing and answers how many jobs it would take */
  dryRun?: boolean;
}

export interface DeadLetters {
  groups: DeadGroup[];
  /** How many groups the limit left out */
  otherGroups: number;
  complete: boolean;
  /** There when complete is false: ask again from this time */
  next?: string;
}

export interface DeadGroup {
  fingerprint: string;
  task: string;
  reason?: 'exhausted' | 'discarded' | 'expired' | 'crashed' | 'unknown_task' | 'unknown_pool' | 'undecodable' | 'payload_missing' | 'result_too_large' | 'chain_too_long';
  errorType?: string;
  /** Of the last one */
  errorMessage?: string;
  count: number;
  /** The earliest death */
  first: string;
  /** The latest death */
  last: string;
  /** The last one */
  job: string;
}

export interface QuarantineList {
  messages: {
    id: string;
    pool: string;
    /** In bytes of UTF-8 */
    size: number;
    at: string;
    expiresAt: string;
  }[];
  cursor?: string;
}

export interface Quarantined {
  id: string;
  pool: string;
  /** In bytes of UTF-8 */
  size: number;
  at: string;
  expiresAt: string;
  body: string;
}

export interface OperatorLog {
  entries: ({
    at: string;
    /** The id of the API key */
    key: string;
    /** The call; 'taken from Secrets Manager' for the first key */
    action: string;
    /** What it was done to, or what it made */
    target?: string;
    outcome: 'done' | 'refused' | 'unknown';
    status?: number;
  })[];
  cursor?: string;
}

export interface NewKey {
  /** Who has the key. No control characters */
  name: string;
  scopes: ('enqueue' | 'read' | 'operate' | 'admin')[];
  /** Restricts the key to these of GET /v1/tasks; not together with the scope admin */
  tasks?: string[];
  /** Refused from then on; in the future. It does not expire when not given */
  expiresAt?: string;
}

export interface Rotation {
  /** How long the secret of now still works */
  overlapSeconds?: number | null;
}

export interface Key {
  id: string;
  name: string;
  scopes: ('enqueue' | 'read' | 'operate' | 'admin')[];
  /** The tasks to which the key is restricted; not there for a key of all tasks */
  tasks?: string[];
  createdAt: string;
  /** The id of the key that created it; not there for a first key */
  createdBy?: string;
  expiresAt?: string;
  /** The hour of its last use; not there before the first */
  lastUsedAt?: string;
  /** Until when a secret from before a rotation works; not there when none does */
  previousUntil?: string;
}

export interface KeyWithSecret {
  id: string;
  name: string;
  scopes: ('enqueue' | 'read' | 'operate' | 'admin')[];
  /** The tasks to which the key is restricted; not there for a key of all tasks */
  tasks?: string[];
  createdAt: string;
  /** The id of the key that created it; not there for a first key */
  createdBy?: string;
  expiresAt?: string;
  /** The hour of its last use; not there before the first */
  lastUsedAt?: string;
  /** Until when a secret from before a rotation works; not there when none does */
  previousUntil?: string;
  /** ls_<id>_<secret>; shown this once */
  key: string;
}

export interface KeyList {
  keys: Key[];
  cursor?: string;
}

export type State = 'SCHEDULED' | 'QUEUED' | 'RUNNING' | 'RETRYING' | 'SUCCEEDED' | 'DEAD' | 'CANCELLED';

export interface Step {
  state: State;
  at: string;
  attempt?: number;
  error?: string;
  /** The id of the API key */
  by?: string;
  /** True for a retry with another payload */
  payloadReplaced?: boolean;
  /** The task that the job runs as from then on: there for a retry that names another */
  task?: string;
  /** True where the attempt was given back and does not count: the handler asked to wait, or the worker had to stop */
  snoozed?: boolean;
  /** True where the handler handed over to a next invocation; the attempt does not count */
  continued?: boolean;
}

export interface JobError {
  type: string;
  message: string;
  stack?: string;
}

export interface Job {
  id: string;
  /** The task's name; of a job that was enqueued before its task was renamed, the name of then */
  task: string;
  pool: string;
  state: State;
  attempt: number;
  maxAttempts: number;
  createdAt: string;
  runAt?: string;
  /** When the last attempt started */
  startedAt?: string;
  finishedAt?: string;
  nextAttemptAt?: string;
  expiresAt?: string;
  progress?: number;
  cancelRequested?: boolean;
  /** There and true while the job waits for the end of a pause */
  setAside?: boolean;
  payload?: unknown;
  result?: unknown;
  error?: JobError;
  deadReason?: 'exhausted' | 'discarded' | 'expired' | 'crashed' | 'unknown_task' | 'unknown_pool' | 'undecodable' | 'payload_missing' | 'result_too_large' | 'chain_too_long';
  /** What the error of a dead job has in common with others of its cause */
  fingerprint?: string;
  history: Step[];
  tags?: string[];
  meta?: Record<string, string>;
  fairKey?: string;
  limitKey?: string;
  idempotencyKey?: string;
  /** No other job of its task with this key is made while this one waits or runs */
  uniqueKey?: string;
  /** In the answer to an enqueue: there and true when this job has the uniqueKey of the request, which made none of its own */
  duplicate?: boolean;
  /** Why a waiting job waits, where it is not for a worker alone: for its time, after a failed attempt, because its handler or worker gave the attempt back, for the end of a pause, or for a slot of a limit */
  waitReason?: 'scheduled' | 'backoff' | 'snoozed' | 'paused' | 'limit';
  /** What holds the job, and in the answer about one job how many wait before it, counted up to 1,000: limit crm-api, key acme, 12 before it */
  held?: string;
  /** What is being done, in the handler's text; at most 200 code points */
  progressText?: string;
  /** The job that this one repeats */
  rerunOf?: string;
  /** How many jobs led to this one, each enqueued by the handler of the one before; left out for none */
  chainDepth?: number;
}

export interface JobList {
  jobs: Job[];
  /** There when there may be more */
  cursor?: string;
}

export interface BatchResults {
  results: {
    status: number;
    job?: Job;
    problem?: Problem;
  }[];
}

export interface NewSchedule {
  /** One of GET /v1/tasks */
  task: string;
  /** What each job's handler gets; at most 64 KB of UTF-8. {} when not given */
  payload?: unknown;
  /** Five fields as in crontab(5) with L, W, # and ? as in Quartz, or @hourly, @daily and the like; digits and letters of ASCII; see docs/schedules.md */
  cron?: string | null;
  /** Name in the IANA time zone database of the zone whose wall clock cron is about; no offsets, no abbreviations */
  zone?: string | null;
  /** Instead of cron: the distance between two instants, PT1M to P366D in days, hours, minutes and whole seconds */
  every?: string | null;
  /** With every: the first instant, in whole seconds; the others are counted from it, and it may be past */
  anchor?: string | null;
  /** What happens while the job before is not finished */
  overlap?: 'allow' | 'skip' | 'cancel' | null;
  /** What happens to instants that an outage has missed */
  catchUp?: 'none' | 'latest' | 'all' | null;
  /** How many missed instants 'all' makes up for, the newest */
  catchUpLimit?: number | null;
  /** By how much each job is put off at most */
  jitterSeconds?: number | null;
  /** Whether it makes no jobs by itself; stays as it is when not given */
  paused?: boolean | null;
  /** The task's own number when not given */
  maxAttempts?: number | null;
  /** What its jobs are listed by, besides schedule:<name>; one that is there twice is kept once. No control characters */
  tags?: string[] | null;
  /** The customer for whom SQS's fair queues count its jobs */
  fairKey?: string | null;
}

export interface Schedule {
  name: string;
  task: string;
  /** Not in lists */
  payload?: unknown;
  cron?: string;
  zone?: string;
  every?: string;
  anchor?: string;
  overlap: 'allow' | 'skip' | 'cancel';
  catchUp: 'none' | 'latest' | 'all';
  catchUpLimit: number;
  jitterSeconds: number;
  paused: boolean;
  maxAttempts?: number;
  tags?: string[];
  fairKey?: string;
  /** Whether the code declares it */
  declared: boolean;
  /** Its next five instants; while it is paused, those at which it would fire */
  next: string[];
  last?: {
    /** The instant */
    at: string;
    /** What became of it */
    outcome: 'created' | 'run_now' | 'skipped' | 'duplicate' | 'missed' | 'unknown_task';
    /** The last job that the schedule made */
    job?: string;
  };
  /** How many instants made no job, ever */
  skipped: number;
}

export interface ScheduleList {
  schedules: Schedule[];
  /** There when there may be more */
  cursor?: string;
}

export interface Task {
  name: string;
  pool: string;
  /** Names of its limits, as GET /v1/limits has them */
  limits?: string[];
  timeoutSeconds: number;
  maxAttempts: number;
  retentionSeconds: number;
  /** A JSON Schema of draft 2020-12: what its payloads look like; docs/payloads.md says what no schema can */
  payload: Record<string, unknown>;
  /** A payload to start from */
  example?: unknown;
  paused?: Paused;
  /** Jobs that wait for the end of the pause; counted up to 1,600 */
  setAside?: number;
  /** Names that the task had before; requests, filters, messages and jobs under them reach it */
  aliases?: string[];
  /** By what its jobs are unique; left out when they are not */
  unique?: {
    /** JSON pointers into the payload; empty for the whole payload */
    fields: string[];
    onDuplicate: 'keep' | 'replace' | 'reject';
    uniqueWhile: 'unfinished' | 'waiting';
    debounceMaxSeconds?: number;
  };
}

export interface TaskList {
  tasks: Task[];
}

/** visible, inFlight, delayed and deadLetters are there, all four, unless depthUnknown is true */
export interface Queue {
  pool: string;
  /** true when the SQS call failed: the counts are absent, not 0 */
  depthUnknown?: boolean;
  /** Waiting for a worker */
  visible?: number;
  /** With a worker, or hidden by a backoff */
  inFlight?: number;
  delayed?: number;
  deadLetters?: number;
  oldestAgeSeconds?: number;
  paused?: Paused;
  /** Jobs that wait for the end of the pause; counted up to 1,600 */
  setAside?: number;
}

export interface QueueList {
  queues: Queue[];
}

export interface NewLimit {
  /** How many jobs may run at once */
  concurrent: number;
}

export interface Limit {
  /** A task's name for its own limit, or the name under which several tasks use it */
  name: string;
  /** How many jobs may run at once */
  concurrent: number;
  /** Whether each limitKey has so many slots of its own */
  perKey: boolean;
  tasks: string[];
  /** The code's number, where an operator has set another */
  code?: number;
  setAt?: string;
  /** The id of the API key that set it */
  setBy?: string;
  /** Slots in use or reserved */
  used: number;
  /** Held jobs; of a key up to 1,000 are counted */
  waiting: number;
  /** Since when the job waits that comes next */
  oldestWaiting?: string;
  /** Of a limit per key: those with the most waiting jobs, 20 at most */
  keys?: LimitKey[];
}

export interface LimitKey {
  /** Empty for jobs without a limitKey */
  key: string;
  used: number;
  waiting: number;
  oldestWaiting?: string;
}

export interface LimitList {
  limits: Limit[];
}

export interface Ledger {
  balanced: boolean;
  explanation: string;
  from: string;
  to: string;
  /** When an audit last got through all that was to be counted */
  auditedAt?: string;
  /** When the dispatcher, which runs every minute, last got through all its parts */
  tickedAt?: string;
  /** There while a requested audit is not done */
  auditRequestedAt?: string;
  totals: {
    accepted: number;
    succeeded: number;
    dead: number;
    cancelled: number;
    waiting: number;
    running: number;
    /** Counted once and gone before their retention; not 0 is red */
    missing: number;
    /** How often the audit sent or held a job again */
    mended: number;
  };
  hours: {
    hour: string;
    accepted: number;
    succeeded: number;
    dead: number;
    cancelled: number;
    waiting: number;
    running: number;
    /** Counted once and gone before their retention; not 0 is red */
    missing: number;
    /** How often the audit sent or held a job again */
    mended: number;
    countedAt: string;
    /** Nothing in it can change any more; it is not counted again */
    closed: boolean;
  }[];
}

export interface Percentiles {
  count: number;
  p50?: number;
  p90?: number;
  p99?: number;
  max?: number;
}

export interface Stats {
  from: string;
  to: string;
  /** Whether all jobs of the time were read */
  complete: boolean;
  /** How far back they were read, if not all */
  readBackTo?: string;
  jobs: number;
  states: Record<string, number>;
  endedPerMinute: number;
  waitMillis: Percentiles;
  runMillis: Percentiles;
  tasks: {
    task: string;
    jobs: number;
    states: Record<string, number>;
    endedPerMinute: number;
    waitMillis: Percentiles;
    runMillis: Percentiles;
  }[];
}

/** There while it is paused */
export interface Paused {
  since: string;
  /** The id of the API key that paused it */
  by: string;
}

export interface PauseState {
  pool?: string;
  task?: string;
  paused?: Paused;
  /** Jobs that wait for the end of the pause; counted up to 1,600 */
  setAside?: number;
}

export interface Problem {
  /** Stable; docs/api.md has a table */
  type: string;
  title: string;
  status: number;
  /** What is wrong, and how to fix it */
  detail: string;
  /** JSON pointer (RFC 6901) to the offending field of the body, the first one when there are several; not there when no field is at fault */
  field?: string;
  /** There when more than one thing is wrong with the request: all of it, the first one included */
  errors?: {
    /** JSON pointer (RFC 6901) to the offending field; not there when it is in no field of the body */
    field?: string;
    detail: string;
  }[];
  /** The offending parameter of the query */
  parameter?: string;
  state?: State;
  firstJob?: string;
  retryable: boolean;
  requestId?: string;
}

export interface DryRun {
  /** How many jobs the request would take; at most its limit */
  count: number;
  /** False when more than 10,000 dead jobs would have to be looked at: then count is a lower bound */
  complete: boolean;
}

export interface Rerun {
  /** Instead of the first job's payload; checked as at an enqueue */
  payload?: unknown;
}
