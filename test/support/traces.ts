import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Trace } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';

const folder = join(import.meta.dirname, '../fixtures/traces');

/** The recorded traces that the repository may contain. */
export const traces: readonly Trace[] = readdirSync(folder)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => parseTrace(basename(file, '.csv'), readFileSync(join(folder, file), 'utf8')));
