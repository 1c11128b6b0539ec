/** What handlers read of an invocation, and how they log. */
import { cut, visibleJson } from './config/quote.ts';
import { parseRunInstant } from './core/calendar/instant.ts';
import { wallClock } from './runtime.ts';

/** What a handler reads from EventBridge's scheduled event. */
export interface TimedEvent {
  /** The scheduled time, ISO 8601. Default: the wall clock. */
  readonly time?: string;
  /** The same for all deliveries of an event. */
  readonly id?: string;
}

/** What a handler reads from Lambda's context. */
export interface Invocation {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

export const isSilent = (): boolean => process.env.TURNTABLE_LOG === 'silent';

export function logLine(line: object): void {
  if (!isSilent()) console.log(visibleJson(line));
}

/** What connects the lines of a run, and the runs of one event: the event's id, as in EventBridge, or Lambda's request. */
export function correlationOf(event: TimedEvent | null | undefined, context: Invocation | undefined) {
  return typeof event?.id === 'string' ? event.id : context?.awsRequestId;
}

export function environmentOf(name: string | undefined): string {
  if (name) return name;
  throw new Error(
    'TURNTABLE_ENVIRONMENT is not set. Set it to the name of the environment, for example production.',
  );
}

export function instantOf(event: unknown): number {
  if (event === undefined || event === null) return wallClock.now();
  if (typeof event !== 'object' || Array.isArray(event)) {
    throw new Error(
      'The event is not an object. Send one with a time, for example { "time": "2026-11-21T06:00:00Z" }.',
    );
  }
  const { time } = event as TimedEvent;
  if (time === undefined) return wallClock.now();
  const instant = typeof time === 'string' ? parseRunInstant(time) : undefined;
  if (instant !== undefined) return instant;
  throw new Error(
    `The event's time is ${cut(visibleJson(time))}. It must be ISO 8601, for example 2026-11-21T06:00:00Z, in the years 2000 to 8999.`,
  );
}
