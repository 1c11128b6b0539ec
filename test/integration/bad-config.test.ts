/** Every command and handler rejects an invalid configuration with the same message, exit code 2, and no call to AWS. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/index.ts';
import { plannerOf } from '../../src/core/planners.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { handlerOf } from '../../src/handler.ts';
import { RENEW } from '../support/golden.ts';
import { hostile } from '../support/hostile.ts';
import { runHere } from '../support/in-process.ts';
import { replaceFile } from '../support/replace-file.ts';

const BAD = 'test/fixtures/bad';
const GOOD = 'test/fixtures/good/every-property';
const jobs = ['rotate', 'purge', 'scale'] as const;
const commands = [
  ['validate'],
  ['tables'],
  ['plan'],
  ['apply', '--yes'],
  ['rotate'],
  ['status'],
  ['adopt', 'Any'],
];

let aws: EmbeddedAws;
const scratch = mkdtempSync(join(tmpdir(), 'turntable-bad-'));
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(async () => {
  await aws.close();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  vi.stubEnv('TURNTABLE_LOG', 'silent');
  vi.stubEnv('TURNTABLE_ENVIRONMENT', 'production');
  aws.resetCalls();
});
afterEach(() => vi.unstubAllEnvs());

/** Expects that every command and handler fails with only `message` and without a call to AWS. */
async function rejects(folder: string, message: string): Promise<void> {
  for (const [command = '', ...args] of commands)
    expect(
      await runHere([command, '--config', folder, '--env', 'production', ...args]),
      `${command}. ${RENEW}`,
    ).toEqual({
      code: 2,
      stdout: '',
      stderr: `The configuration is invalid:\n${message}\n`,
    });
  vi.stubEnv('TURNTABLE_CONFIG', folder);
  for (const job of jobs) {
    const error = await handlerOf(plannerOf(job))({ time: '2025-11-21T06:00:00Z' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toBe(message);
  }
  expect(aws.calls.size).toBe(0);
}

describe('an invalid configuration', () => {
  test.each(readdirSync(BAD).sort())('is rejected by every command and handler: %s', async (name) => {
    const folder = join(BAD, name);
    const expected = readFileSync(join(folder, 'expected.txt'), 'utf8').trimEnd();
    await rejects(folder, expected.replaceAll('config/', `${folder}/`));
  });
});

const texts = Object.fromEntries(
  ['tables.json', 'settings.json', 'prices.json'].map((file) => [
    file,
    readFileSync(join(GOOD, file), 'utf8'),
  ]),
);
const damages = fc.record({
  file: fc.constantFrom(...Object.keys(texts)),
  at: fc.nat(),
  length: fc.nat(30),
  by: fc.oneof(hostile, fc.constantFrom('{', '}', '[', '"', ',', '\\', '-', '0', 'null', '"__proto__":')),
});

test('rejects a damaged configuration in every command and handler if it does not load', async () => {
  mkdirSync(scratch, { recursive: true });
  let invalid = 0;
  await fc.assert(
    fc.asyncProperty(damages, async ({ file, at, length, by }) => {
      for (const [name, text] of Object.entries(texts)) {
        const from = at % text.length;
        const damaged = text.slice(0, from) + by + text.slice(from + length);
        replaceFile(join(scratch, name), name === file ? damaged : text);
      }
      try {
        loadConfig(scratch, 'production');
      } catch (error) {
        invalid += 1;
        await rejects(scratch, (error as ConfigError).message);
      }
    }),
    { numRuns: 150 },
  );
  expect(invalid).toBeGreaterThan(75);
});
