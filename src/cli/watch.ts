import { setTimeout as sleep } from 'node:timers/promises';
import { visibleJson } from '../config/quote.ts';
import { sayInstant } from '../core/calendar/instant.ts';
import { messageOf } from '../core/failure.ts';
import { wallClock } from '../runtime.ts';
import { UsageError } from './failure.ts';
import { style, visible } from './views/text.ts';

/** CloudWatch has one point a minute, and each read of metrics costs money. */
const DEFAULT_SECONDS = 60;
const LEAST_SECONDS = 5;
const MOST_SECONDS = 3600;

/** Seconds between two readings; undefined without --watch. @throws UsageError */
export function watchOption(text: string | true | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === true) return DEFAULT_SECONDS;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) return seconds;
  throw new UsageError(
    `--watch ${visibleJson(text)} is not an integer from ${LEAST_SECONDS} to ${MOST_SECONDS}, the seconds between two readings.`,
  );
}

/** Clears the screen, with what scrolled out of it. */
const CLEAR = '\u001b[H\u001b[2J\u001b[3J';
const SEPARATOR = '---';

/**
 * Prints what `read` returns every few seconds until a signal: in place on a terminal, and with separators elsewhere. With
 * `json`, each reading is one line. A reading that fails is told, and the last one stays.
 */
export async function watch(read: () => Promise<string>, seconds: number, json: boolean): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, end);
  const show = printer(json, seconds);
  try {
    while (!ended.signal.aborted) {
      const reading = await Promise.race([attempt(read), abortOf(ended.signal)]);
      if (reading === undefined) break;
      show(reading);
      await sleep(seconds * 1000, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  } finally {
    for (const signal of signals) process.removeListener(signal, end);
  }
  // A reading in progress would keep the process alive.
  if (ended.signal.aborted) process.exitCode = 0;
}

type Reading = { readonly text: string } | { readonly failure: string };

const attempt = (read: () => Promise<string>): Promise<Reading> =>
  read().then(
    (text) => ({ text }),
    (error: unknown) => ({ failure: messageOf(error) }),
  );

const abortOf = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));

function printer(json: boolean, seconds: number): (reading: Reading) => void {
  const inPlace = !json && process.stdout.isTTY === true;
  let last: string | undefined;
  let isFirst = true;
  return (reading) => {
    if ('text' in reading) last = reading.text;
    const failed = 'failure' in reading ? reading.failure : undefined;
    if (inPlace) process.stdout.write(CLEAR);
    else if (!json && !isFirst) console.log(SEPARATOR);
    isFirst = false;
    if (json && last !== undefined && failed === undefined) console.log(visibleJson(JSON.parse(last)));
    if (!json && last !== undefined && (inPlace || failed === undefined)) console.log(last);
    if (failed !== undefined)
      console.error(json ? visibleJson({ error: { message: failed } }) : sayFailed(failed, seconds));
  };
}

const sayFailed = (message: string, seconds: number): string =>
  `${style.bad('Error:')} ${visible(message)} Could not read at ${sayInstant(wallClock.now())}. The next try is in ${seconds} seconds.`;
