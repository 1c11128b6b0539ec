/**
 * What several tests of a file begin with. The jobs live it once. Later accounts get the same calls at the same times, without the runs
 * that decided on them, so that each test has an account of its own for a tenth of the time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedAws } from '../../src/embedded/index.ts';

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly region: string;
  /** The clock of the account, epoch milliseconds. */
  readonly at: number;
}

export type Past = readonly Call[];

/** These change nothing, and consume no capacity. */
const LOOKS = /^(Describe|List|Get(?!Item))/;

/** The calls that `live` makes of an account. */
export async function recorded(
  aws: EmbeddedAws,
  now: () => number,
  live: () => Promise<void>,
): Promise<Past> {
  const calls: Call[] = [];
  const before = aws.intercept;
  aws.intercept = (operation, input, region) => {
    if (!LOOKS.test(operation)) calls.push({ operation, input: structuredClone(input), region, at: now() });
    const intercepted = before?.(operation, input, region);
    if (intercepted) throw new Error(`A past with an intercepted ${operation} cannot be repeated.`);
    return undefined;
  };
  try {
    await live();
  } finally {
    if (before) aws.intercept = before;
    else delete aws.intercept;
  }
  return calls;
}

/** Repeats calls. `set` sets the clock of the account, and `settleMs` is longer than a table changes. */
export async function repeated(
  past: Past,
  aws: EmbeddedAws,
  set: (at: number) => void,
  settleMs: number,
): Promise<void> {
  let at: number | undefined;
  const settle = async (): Promise<void> => {
    await sleep(settleMs);
    // What is over ends with the next look, at the time of its run.
    await aws.perform('ListTables', {});
  };
  for (const call of past) {
    if (at !== undefined && call.at !== at) await settle();
    at = call.at;
    set(at);
    aws.intercept?.(call.operation, call.input, call.region);
    await repeat(call, aws, settleMs);
  }
  await settle();
}

/** Errors of a table that is CREATING or UPDATING: the job waited meanwhile. Others are those that the job got. */
const CHANGING = [
  'ResourceInUseException',
  'ResourceNotFoundException',
  'LimitExceededException',
  'ContinuousBackupsUnavailableException',
  'ThrottlingException',
];
const TRIES = 20;

async function repeat({ operation, input, region }: Call, aws: EmbeddedAws, pauseMs: number): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const failure = await aws.perform(operation, structuredClone(input), region).then(
      () => undefined,
      (error: { type?: string }) => error,
    );
    if (failure && failure.type === undefined) throw failure;
    if (!failure || !CHANGING.includes(failure.type!)) return;
    await sleep(pauseMs);
  }
}
