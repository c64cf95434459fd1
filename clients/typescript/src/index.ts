export type * from './api.js';
export type * from './requests.js';
// with its types of payload and result, in place of the contract's
export type { Job } from './requests.js';
export {
  ConflictError,
  ConnectionError,
  type ErrorKind,
  ForbiddenError,
  LongshoreError,
  NotFoundError,
  RateLimitedError,
  RefusedError,
  ServerError,
  TimeoutError,
  UnauthorizedError,
} from './errors.js';
export { Longshore, type LongshoreSettings, type OperatorLogEntry } from './longshore.js';
export type { DeadJobs, Keys, Ledgers, Limits, Quarantine, QuarantinedMessage, Queues, Schedules, Tasks } from './operating.js';
export type { CallOptions } from './transport.js';
