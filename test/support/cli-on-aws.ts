/** Runs the command line in this process, each test against an embedded AWS of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { runHere } from './in-process.ts';
import { statesLasting } from './states.ts';
import { virtualDate, virtualDateEnv } from './virtual-date.ts';

export const CONFIG = 'test/fixtures/e2e/config';
/** In the past of every wall clock, because apply rejects the future. */
export const AT = '2025-11-21T09:00:00Z';
export const common = ['--config', CONFIG, '--env', 'production'];

/** A folder that exists while the tests of a file run. */
export function ownFolder(): () => string {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'turntable-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

export class CliOnAws {
  aws!: EmbeddedAws;
  /** Time of the embedded AWS and of every command, epoch milliseconds. */
  now = Date.parse(AT);

  constructor() {
    beforeEach(async () => {
      this.now = Date.parse(AT);
      this.aws = await startEmbeddedAws({ now: () => this.now, ...statesLasting(10) });
      for (const [name, value] of Object.entries(this.aws.env)) vi.stubEnv(name, value);
      virtualDate(() => this.now);
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      await this.aws.close();
    });
  }

  /** For a command in a process of its own. */
  readonly env = () => ({ ...this.aws.env, ...virtualDateEnv(this.now) });
  readonly run = (...args: string[]) => runHere([...args, ...common]);
  readonly runAt = (...args: string[]) => this.run(...args, '--at', new Date(this.now).toISOString());
}
