import { parseArgs } from 'node:util';
import { visible } from '../src/config/quote.ts';

const MOST_HISTORIES = 1_000_000;
const USAGE = 'Usage: npm run chaos -- [--histories N] [--seed S] [--history K]';

/** The options of the command line. If they are invalid, the process prints why and exits with code 2. */
export function parseOptions(): { seed: number; single: boolean; numbers: readonly number[] } {
  const { histories, seed, history } = options();
  const numbers =
    history === undefined
      ? Array.from({ length: wholeNumber('histories', histories, MOST_HISTORIES) }, (_, i) => i + 1)
      : [wholeNumber('history', history, MOST_HISTORIES)];
  return {
    seed: wholeNumber('seed', seed, Number.MAX_SAFE_INTEGER),
    single: history !== undefined,
    numbers,
  };
}

function options() {
  try {
    return parseArgs({
      options: {
        histories: { type: 'string', default: '1000' },
        seed: { type: 'string', default: String(1 + (Date.now() % 1_000_000)) },
        history: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return fail(`${visible((error as Error).message.replaceAll('\n', ' '))}\n${USAGE}`);
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= most) return value;
  return fail(`--${option} must be a whole number from 1 to ${most}, not ${visible(text)}.`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
