import type { Clock } from '../src/clock.js';

/** A clock that jumps to the end of every wait, and keeps how long each was. */
export class SettableClock implements Clock {
  readonly waits: number[] = [];

  /** @param chance what `random` answers */
  constructor(
    private time = Date.parse('2026-03-10T12:00:00Z'),
    private readonly chance = 0.5,
  ) {}

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  async sleep(millis: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(millis);
    this.time += millis;
  }
}
