import type { BatchResults, Problem, Upload } from './api.js';
import { errorOf, LongshoreError, RefusedError } from './errors.js';
import type { EnqueueRequest, EnqueueResult, Job } from './requests.js';
import { Size } from './size.js';
import type { CallOptions, Transport } from './transport.js';
import { uuidv7 } from './uuid.js';

/** Largest payload in bytes of UTF-8. */
const PAYLOAD_BYTES = 5 * 1024 * 1024;
const BATCH_JOBS = 100;
/** Payloads of a batch together, uploads included. */
const BATCH_PAYLOAD_BYTES = 20_000_000;
const BATCH_FRAME = Size.of('{"jobs":[]}');

/** A request with what makes it repeatable, as JSON. */
interface Prepared {
  /** As it was requested. */
  index: number;
  json: string;
  size: Size;
  payloadBytes: number;
}

/** Enqueues jobs, one or many, so that a repeated request makes none of them twice. */
export class Enqueuing {
  constructor(private readonly transport: Transport) {}

  async enqueue<R>(request: EnqueueRequest, options: CallOptions): Promise<Job<R>> {
    const { json: body } = await this.prepare(request, 0, options);
    return (await this.transport.send({ ...options, method: 'POST', path: '/v1/jobs', body, repeat: 'always' })) as Job<R>;
  }

  async enqueueAll<R>(requests: readonly EnqueueRequest[], options: CallOptions): Promise<EnqueueResult<R>[]> {
    const results: EnqueueResult<R>[] = new Array(requests.length);
    let batch: Prepared[] = [];
    let size = BATCH_FRAME;
    let payloads = 0;
    const flush = async () => {
      if (batch.length > 0) await this.sendBatch(batch, results, options);
      [batch, size, payloads] = [[], BATCH_FRAME, 0];
    };
    for (const [index, request] of requests.entries()) {
      try {
        const job = await this.prepare(request, index, options);
        const full = batch.length === BATCH_JOBS || !size.plus(job.size).fits() || payloads + job.payloadBytes > BATCH_PAYLOAD_BYTES;
        if (full) await flush();
        batch.push(job);
        size = size.plus(job.size);
        payloads += job.payloadBytes;
      } catch (error) {
        results[index] = { error: ownError(error) };
      }
    }
    await flush();
    return results;
  }

  /** Uploads a payload; answers its `payloadRef`. */
  async upload(payload: unknown, options: CallOptions): Promise<string> {
    return this.uploadJson(JSON.stringify(payload), options);
  }

  private async uploadJson(json: string, options: CallOptions): Promise<string> {
    const bytes = Size.of(json).utf8;
    requirePayload(bytes);
    const opening = JSON.stringify({ bytes });
    const upload = (await this.transport.send({ ...options, method: 'POST', path: '/v1/uploads', body: opening, repeat: 'always' })) as Upload;
    const { signal } = options;
    await this.transport.send({ signal, method: upload.method, path: upload.url, headers: upload.headers, body: json, repeat: 'always' });
    return upload.payloadRef;
  }

  /** Uploads the payload where the request would be too large with it. */
  private async prepare(request: EnqueueRequest, index: number, options: CallOptions): Promise<Prepared> {
    // a key makes the job recognisable by itself; with an id, the same request would be another one the next time
    const repeatable =
      (request.id ?? request.idempotencyKey) == null ? { ...request, id: uuidv7(this.transport.clock.now()) } : request;
    const { payload, ...rest } = repeatable;
    const payloadJson = JSON.stringify(payload) as string | undefined;
    if (payloadJson === undefined) return prepared(index, JSON.stringify(rest), 0);
    const payloadBytes = Size.of(payloadJson).utf8;
    requirePayload(payloadBytes);
    const whole = prepared(index, `${JSON.stringify(rest).slice(0, -1)},"payload":${payloadJson}}`, payloadBytes);
    if (BATCH_FRAME.plus(whole.size).fits()) return whole;
    const payloadRef = await this.uploadJson(payloadJson, options);
    return prepared(index, JSON.stringify({ ...rest, payloadRef }), payloadBytes);
  }

  /** Sends a batch, and again those of its jobs whose result says that this may help. */
  private async sendBatch<R>(batch: Prepared[], results: EnqueueResult<R>[], options: CallOptions): Promise<void> {
    const { clock, settings } = this.transport;
    const end = clock.now() + settings.totalTimeoutMillis;
    let pending = batch;
    for (let tries = 1; ; tries++) {
      const atMostMillis = end - clock.now();
      const again = await this.sendOnce(pending, results, { ...options, atMostMillis });
      const error = again.at(0)?.error;
      if (error === undefined) return;
      const wait = this.transport.wait(tries, error);
      if (tries >= settings.maxTries || clock.now() + wait >= end) return;
      await clock.sleep(wait, options.signal);
      pending = again.map(({ job }) => job);
    }
  }

  /** Answers the jobs that may be sent again, each with its error. */
  private async sendOnce<R>(
    batch: Prepared[],
    results: EnqueueResult<R>[],
    options: CallOptions & { atMostMillis: number },
  ): Promise<{ job: Prepared; error: LongshoreError }[]> {
    const body = `{"jobs":[${batch.map((job) => job.json).join(',')}]}`;
    let answer: BatchResults;
    try {
      answer = (await this.transport.send({ ...options, method: 'POST', path: '/v1/jobs/batch', body, repeat: 'always' })) as BatchResults;
    } catch (error) {
      const failed = ownError(error);
      for (const job of batch) results[job.index] = { error: failed };
      return [];
    }
    const again: { job: Prepared; error: LongshoreError }[] = [];
    for (const [place, job] of batch.entries()) {
      const result = answer.results[place];
      if (result?.job !== undefined) {
        results[job.index] = { job: result.job as Job<R> };
      } else {
        const error = errorOf(result?.status ?? 500, ofTheJobAlone(result?.problem, place));
        results[job.index] = { error };
        if (error.retryable) again.push({ job, error });
      }
    }
    return again;
  }
}

/** A problem of a batch, with the pointers that it would have if the job were sent alone. */
function ofTheJobAlone(problem: Problem | undefined, place: number): Partial<Problem> {
  if (problem === undefined) return { title: 'No result', detail: 'The answer to the batch has no result for this job' };
  const prefix = `/jobs/${place}`;
  const field = (pointer: string) => (pointer.startsWith(`${prefix}/`) ? pointer.slice(prefix.length) : pointer);
  const detail = (text: string) => text.replaceAll(`${prefix}/`, '/');
  return {
    ...problem,
    detail: detail(problem.detail),
    ...(problem.field === undefined ? {} : { field: field(problem.field) }),
    ...(problem.errors === undefined
      ? {}
      : {
          errors: problem.errors.map((one) => ({
            detail: detail(one.detail),
            ...(one.field === undefined ? {} : { field: field(one.field) }),
          })),
        }),
  };
}

function prepared(index: number, json: string, payloadBytes: number): Prepared {
  return { index, json, size: Size.of(json), payloadBytes };
}

function requirePayload(bytes: number): void {
  if (bytes > PAYLOAD_BYTES) {
    throw new RefusedError({
      type: 'https://longshore.dev/problems/too-large',
      title: 'Payload too large',
      detail: `The payload has ${bytes} bytes of UTF-8, and ${PAYLOAD_BYTES} are the limit. Put what is large into the file store, and its name here`,
      field: '/payload',
      status: 413,
    });
  }
}

/** Of one job; what is no error of Longshore's, such as an abort, ends the whole call. */
function ownError(error: unknown): LongshoreError {
  if (error instanceof LongshoreError) return error;
  throw error;
}
