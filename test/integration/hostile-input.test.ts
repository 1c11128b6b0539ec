/** Damaged commands, events, plans and traces get a clear answer, without a stack trace and without a call to AWS. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { plannerOf } from '../../src/core/planners.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { handlerOf } from '../../src/handler.ts';
import { awsPorts } from '../../src/runtime.ts';
import { hostile, UNSEEN } from '../support/hostile.ts';
import { type Printed, runHere } from '../support/in-process.ts';
import { replaceFile } from '../support/replace-file.ts';

const CONFIG = join(import.meta.dirname, '../fixtures/e2e/config');
const home = process.cwd();
let aws: EmbeddedAws;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'turntable-hostile-'));
  aws = await startEmbeddedAws();
  // Without a state table, nothing is changed and the daemon exits immediately.
  aws.intercept = (operation) =>
    operation === 'CreateTable' ? { type: 'AccessDeniedException', message: 'not here' } : undefined;
});
afterAll(async () => {
  await aws.close();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  vi.stubEnv('TURNTABLE_LOG', 'silent');
  process.chdir(scratch);
});
afterEach(() => {
  process.chdir(home);
  vi.unstubAllEnvs();
});

/** Exit code 0, 1 or 2, no control characters and no stack trace. With exit code 2, AWS was not called. */
async function answered(args: readonly string[]): Promise<Printed> {
  aws.resetCalls();
  const printed = await runHere(args);
  const said = JSON.stringify([args, printed]).slice(0, 2_000);
  expect([0, 1, 2], said).toContain(printed.code);
  expect(UNSEEN.test(printed.stdout + printed.stderr), said).toBe(false);
  expect(printed.stderr, said).not.toMatch(/^ {4}at |is a bug in Turntable/m);
  if (printed.code !== 0) expect(printed.stderr || printed.stdout, said).not.toBe('');
  if (printed.code === 2 && !args.includes('--detailed-exitcode')) expect(aws.calls.size, said).toBe(0);
  return printed;
}

/** Options and arguments of each command, besides the common ones. */
const own = new Map<string, readonly string[]>(
  Object.entries({
    plan: ['--out', '-o', '--detailed-exitcode'],
    apply: ['--yes', '-y'],
    resolve: ['--from', '--to', '--next', '--newest-first'],
    generate: ['--out', '-o'],
    stop: ['--for', '--reason'],
    cancelDeletion: ['--all'],
    adopt: ['--period', '--all', '--yes'],
    restore: ['--period', '--yes'],
    backtest: ['--trace', '--spec', '--method', '--mean', '--initial', '--burst', '--rotate', '--out'],
  }),
);
const common = ['--config', '-c', '--env', '-e', '--at', '--json'];
const alone = new Set(['--json', '--detailed-exitcode', '--yes', '-y', '--next', '--newest-first', '--all']);
const commands = [
  ...['validate', 'tables', 'plan', 'apply', 'rotate', 'status', 'resolve', 'generate', 'backtest'],
  ...[
    'daemon',
    'init',
    'suspend',
    'resume',
    'cancel-deletion',
    'adopt',
    'restore',
    'help',
    '',
    'plna',
    '--version',
    '__proto__',
  ],
];
const stray = ['--help', '--', '-', '--constructor', '--env=', '--at=', '--yes', '--trace', '--out'];
const right = [
  ...[CONFIG, 'production', 'Flags', '2025-11-21', '2025-11-21T06:00:00Z', '0001-01-01', '9999-12-31'],
  ...['trace.csv', 'plan.json', 'out', 'daily', '5', '0', 'purging', 'lowering', '3d'],
];
/** Leaves out values that would read or write outside the scratch folder. */
const values = fc
  .oneof(fc.constantFrom(...right), hostile)
  .filter((value) => value === CONFIG || !/^\/|\.\.|^-o/.test(value));
const words = (command: string): fc.Arbitrary<string[]> =>
  fc
    .oneof(
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...common, ...(own.get(command) ?? [])), values) },
      { weight: 2, arbitrary: fc.tuple(values) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...stray)) },
    )
    .map(([word = '', ...value]) => (alone.has(word) ? [word] : [word, ...value]));
const commandLines = fc
  .constantFrom(...commands)
  .chain((command) =>
    fc
      .tuple(fc.array(words(command), { maxLength: 4 }), fc.boolean())
      .map(([rest, configured]) => [command, ...(configured ? ['--config', CONFIG] : []), ...rest.flat()]),
  );

describe('a command line', () => {
  beforeAll(() => {
    writeFileSync(join(scratch, 'trace.csv'), 'timestamp,value\n2026-01-01T00:00Z,1\n2026-01-01T00:01Z,2\n');
  });

  test('ends in one line of error, or works, for any words', async () => {
    await fc.assert(
      fc.asyncProperty(commandLines, async (args) => {
        await answered(args);
      }),
      { numRuns: 700 },
    );
  });

  test.each<[string, string[]]>([
    ['an invalid instant', ['plan', '--at', 'tomorrow']],
    ['an environment with a line end', ['status', '--env', 'production\nstaging']],
    ['an environment that looks like an option', ['resolve', 'Flags', '--env', '-rf']],
    ['an invalid folder', ['rotate', '--config', 'a\0b']],
    ['a range of all time', ['resolve', 'Flags', '--from', '0001-01-01', '--to', 'then']],
    ['no terminal for the prompt', ['apply']],
    ['a device instead of a plan', ['apply', '/dev/zero']],
    ['a device instead of a trace', ['backtest', '--trace', '/dev/zero']],
    ['a trace whose name leaves the folder', ['backtest', '--trace', '...csv', '--out', 'out']],
  ])('is rejected: %s', async (_, [command = '', ...rest]) => {
    expect((await answered([command, '--config', CONFIG, ...rest])).code).toBe(2);
  });
});

describe('an environment of the SDK', () => {
  test.each<[string, string, string, string]>([
    [
      'an invalid endpoint',
      'AWS_ENDPOINT_URL',
      'not a url',
      'AWS_ENDPOINT_URL is not a URL. Set it to one, for example http://127.0.0.1:8000, or unset it.',
    ],
    [
      'an invalid region',
      'AWS_REGION',
      'x y',
      'Region not accepted: region="x y" is not a valid hostname component. Set AWS_REGION, for example AWS_REGION=eu-west-1.',
    ],
  ])('is rejected with a hint: %s', async (_, name, value, message) => {
    vi.stubEnv(name, value);
    const { code, stderr } = await answered(['plan', '--config', CONFIG, '--env', 'production']);
    expect([code, stderr]).toEqual([1, `Error: ${message}\n`]);
  });
});

describe('an event', () => {
  const jobs = ['rotate', 'purge', 'scale'] as const;
  beforeEach(() => {
    vi.stubEnv('TURNTABLE_CONFIG', CONFIG);
    vi.stubEnv('TURNTABLE_ENVIRONMENT', 'production');
  });

  const refusal = async (job: (typeof jobs)[number], event: unknown): Promise<string> => {
    aws.resetCalls();
    const error = await handlerOf(plannerOf(job))(event as never).then(
      () => new Error('was taken'),
      (reason: Error) => reason,
    );
    return error.message;
  };

  const times = fc
    .oneof(hostile, fc.jsonValue(), fc.date({ noInvalidDate: true }).map(Number))
    .filter((time) => !(typeof time === 'string' && /^[2-8]\d{3}-\d\d-\d\d/.test(time)));

  test('is rejected if its time is invalid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...jobs), times, async (job, time) => {
        const message = await refusal(job, { ...JSON.parse('{"__proto__": {"time": 1}}'), time });
        expect(message).toMatch(
          /^The event's time is [^\n]{1,70}\. It must be ISO 8601, for example 2026-11-21T06:00:00Z, in the years 2000 to 8999\.$/u,
        );
        expect(UNSEEN.test(message)).toBe(false);
        expect(aws.calls.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('is rejected if it is not an object', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...jobs),
        fc.oneof(hostile, fc.integer(), fc.boolean(), fc.array(fc.jsonValue()), fc.double()),
        async (job, event) => {
          expect(await refusal(job, event)).toBe(
            'The event is not an object. Send one with a time, for example { "time": "2026-11-21T06:00:00Z" }.',
          );
          expect(aws.calls.size).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each(['production.', '-production', 'a/b', '', 'x'.repeat(65), 'a\nb', '*'])(
    'is rejected for an environment called %j',
    async (environment) => {
      vi.stubEnv('TURNTABLE_ENVIRONMENT', environment);
      expect(await refusal('purge', { time: '2025-11-21T06:00:00Z' })).toMatch(/environment/);
      expect(aws.calls.size).toBe(0);
    },
  );
});

test('prints an answer of AWS in one line of a log, without control characters', async () => {
  const logged: string[] = [];
  vi.stubEnv('TURNTABLE_CONFIG', CONFIG);
  vi.stubEnv('TURNTABLE_ENVIRONMENT', 'production');
  vi.stubEnv('TURNTABLE_LOG', '');
  const refusing = await startEmbeddedAws();
  for (const [name, value] of Object.entries(refusing.env)) vi.stubEnv(name, value);
  const short = hostile.filter((text) => text.length < 1_000);
  await fc.assert(
    fc.asyncProperty(short, async (message) => {
      refusing.intercept = () => ({ type: 'AccessDeniedException', message });
      const printed = await runHere(['status', '--config', CONFIG, '--env', 'production']);
      expect(printed.code).toBe(1);
      expect(printed.stderr).toMatch(/^Error: [^\n]*\n$/);
      expect(printed.stderr).not.toMatch(UNSEEN);
      logged.length = 0;
      const spy = vi.spyOn(console, 'log').mockImplementation((line) => void logged.push(line));
      await expect(handlerOf(plannerOf('purge'))({ time: '2025-11-21T00:00:00Z' })).rejects.toThrow();
      spy.mockRestore();
      expect(logged).toEqual([expect.not.stringMatching(/\n/)]);
      expect(logged[0]).not.toMatch(UNSEEN);
      expect(JSON.parse(logged[0]!)).toMatchObject({ job: 'purge', outcome: 'failed' });
    }),
    { numRuns: 40 },
  );
  await refusing.close();
});

const damages = fc.record({
  at: fc.nat(),
  length: fc.nat(30),
  by: fc.oneof(hostile, fc.constantFrom('{', '}', '[', '"', ',', '\\', '-', '0', 'null')),
});
const damaged = (text: string, { at, length, by }: { at: number; length: number; by: string }): string => {
  const from = at % text.length;
  return text.slice(0, from) + by + text.slice(from + length);
};

describe('a plan', () => {
  let account: EmbeddedAws;
  let text: string;
  beforeAll(async () => {
    account = await startEmbeddedAws({ now: () => Date.parse('2025-11-21T09:00:00Z'), createTableMs: 1 });
  });
  afterAll(() => account.close());
  beforeEach(async () => {
    for (const [name, value] of Object.entries(account.env)) vi.stubEnv(name, value);
    await awsPorts('production').state.initialize();
    const common = ['--config', CONFIG, '--env', 'production'];
    await runHere(['plan', ...common, '--at', '2025-11-21T09:00:00Z', '--out', 'plan.json']);
    text = readFileSync('plan.json', 'utf8');
  });

  /** Applies a plan file. No action runs unless the plan made again has it too. */
  async function changesNothing(content: string): Promise<void> {
    replaceFile('damaged.json', content);
    account.resetCalls();
    const { code, stdout, stderr } = await runHere(['apply', 'damaged.json', '--config', CONFIG]);
    const said = `${content.slice(0, 1_000)}\n${stderr.slice(0, 1_000)}`;
    const changes = ['CreateTable', 'UpdateTable', 'DeleteTable', 'UpdateTimeToLive'];
    expect(
      [...account.calls.keys()].filter((operation) => changes.includes(operation)),
      said,
    ).toEqual([]);
    expect([1, 2], said).toContain(code);
    expect(stdout, said).toBe('');
    expect(stderr, said).toMatch(/^(Error|The configuration is invalid): ?/);
    expect(stderr, said).not.toMatch(/^ {4}at |is a bug in Turntable/m);
    expect(UNSEEN.test(stderr), said).toBe(false);
    if (code === 2) expect(account.calls.size, said).toBe(0);
  }

  test('is rejected if characters are missing, added or exchanged', async () => {
    const meaning = (json: string): string => {
      try {
        const { actions, environment, jobs, at, createdAt, fingerprint } = JSON.parse(json);
        return JSON.stringify([actions, environment, jobs, at, createdAt.slice(0, 13), fingerprint]);
      } catch {
        return '';
      }
    };
    await fc.assert(
      fc.asyncProperty(damages, async (damage) => {
        const content = damaged(text, damage);
        if (meaning(content) !== meaning(text)) await changesNothing(content);
      }),
      { numRuns: 250 },
    );
  });

  test.each<[string, (plan: Record<string, unknown>) => unknown]>([
    ['another table', (plan) => JSON.parse(JSON.stringify(plan).replaceAll('Flags', 'Users'))],
    ['another environment', (plan) => ({ ...plan, environment: 'staging' })],
    ['an action that was not planned', deleting],
    ['actions nested in each other', (plan) => ({ ...plan, actions: [plan.actions] })],
    ['a deeply nested input', deep],
    ['keys of the prototype', (plan) => JSON.parse(`{"__proto__": ${JSON.stringify(plan)}}`)],
    ['nothing', () => null],
  ])('is rejected with %s', async (_, change) => {
    const changed = change(JSON.parse(text));
    await changesNothing(typeof changed === 'string' ? changed : JSON.stringify(changed));
  });

  function deleting(plan: Record<string, unknown>) {
    const [first] = plan.actions as Record<string, unknown>[];
    const time = '2025-11-01T00:00:00.000Z';
    const action = { ...first, job: 'purge', kind: 'delete', createdAt: time, scheduledAt: time };
    return { ...plan, actions: [action] };
  }
  function deep(plan: Record<string, unknown>): string {
    return JSON.stringify(plan).replace(
      '"input":{',
      `"input":{"Deep":${'['.repeat(100_000)}${']'.repeat(100_000)},`,
    );
  }

  test('is rejected if it is saved as UTF-16', async () => {
    writeFileSync('damaged.json', Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect(await runHere(['apply', 'damaged.json', '--config', CONFIG])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Error: Could not read a plan from damaged.json: it is encoded in UTF-16. Save the file as UTF-8. To create a plan: turntable plan --out FILE\n',
    });
  });
});

describe('a trace', () => {
  const lines = Array.from({ length: 12 }, (_, i) => `2026-01-01T00:${String(i).padStart(2, '0')}:00Z,${i}`);
  const text = `timestamp,value\n${lines.join('\n')}\n`;
  const replay = async (content: string): Promise<Printed> => {
    mkdirSync('traces', { recursive: true });
    replaceFile('traces/damaged.csv', content);
    return answered(['backtest', '--trace', 'traces/damaged.csv', '--method', 'reactive', '--out', 'out']);
  };

  test('is rejected if characters are missing, added or exchanged', async () => {
    await fc.assert(
      fc.asyncProperty(damages, async (damage) => {
        const { code, stderr } = await replay(damaged(text, damage));
        expect([0, 2]).toContain(code);
        if (code === 2)
          expect(stderr).toMatch(
            /^Error: (traces\/damaged\.csv(, line \d+|, "value"): |Could not read the trace )/,
          );
      }),
      { numRuns: 250 },
    );
  });

  test.each([
    [
      'a step of thousands of years',
      'timestamp,value\n0001-01-01,1\n9001-01-01,1\n',
      'is longer than ten years',
    ],
    [
      'endless demand',
      text.replace(',5', ',Infinity'),
      'has no valid value. A value is a number from 0 to 1e12.',
    ],
    ['a third column', text.replace(',5', ',5,5'), 'has more than two columns'],
    ['a repeated time', text.replace('00:03', '00:02'), 'the timestamp is not later than the one before'],
    ['nothing', '', 'line 1: the header is unknown. Known formats: '],
  ])('is rejected with %s', async (_, content, message) => {
    const { code, stderr } = await replay(content);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
