import { parseArgs } from 'node:util';
import { visible } from '../src/config/quote.ts';

const MOST_HISTORIES = 1_000_000;
const USAGE = 'Usage: npm run chaos -- [--histories N] [--seed S] [--history K]';

export class UsageError extends Error {}

/**
 * The options of the command line.
 * @throws UsageError if they are invalid
 */
export function parseOptions(args: readonly string[]): {
  seed: number;
  single: boolean;
  numbers: readonly number[];
} {
  const { histories, seed, history } = options(args);
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

function options(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        histories: { type: 'string', default: '1000' },
        seed: { type: 'string', default: String(1 + (Date.now() % 1_000_000)) },
        history: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${visible((error as Error).message.replaceAll('\n', ' '))}\n${USAGE}`);
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= most) return value;
  throw new UsageError(`--${option} must be a whole number from 1 to ${most}, not ${visible(text)}.`);
}
