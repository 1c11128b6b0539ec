import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { importText } from '../../src/importing/index.ts';

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turntable-import-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((text) => void printed.push(String(text)));
  vi.spyOn(console, 'error').mockImplementation((text) => void printed.push(String(text)));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

const TABLE = String.raw`[table: ^production\.Flags\.\d+$]`;

/** What becomes of a table section with these options. */
async function table(...options: string[]) {
  const imported = (await importText(`${TABLE}\n${options.join('\n')}\n`))!;
  const environments: Record<string, { Tables: Record<string, object> }> = Object(
    imported.settings?.Environments,
  );
  const report = imported.report.filter(({ line }) => line > 1);
  return { settings: environments.production?.Tables.Flags, report, problems: imported.problems };
}

const outcomes = async (...options: string[]) =>
  (await table(...options)).report.map(({ line, option, outcome }) => `${line} ${option} ${outcome}`);

describe('a configuration of dynamic-dynamodb', () => {
  it('keeps thresholds, bounds and the page that allows decreases', async () => {
    const { settings, report } = await table(
      ...['reads', 'writes'].flatMap((which) => [
        `${which}-upper-threshold: 80`,
        `${which}-lower-threshold = 40`,
        `increase-${which}-with: 20`,
        `decrease-${which}-with: 10`,
      ]),
      'min-provisioned-reads: 5',
      'max-provisioned-writes: 400 ; as agreed',
      'circuit-breaker-url: https://status.example.com/up',
    );
    expect(settings).toEqual({
      Scaling: {
        Method: 'step',
        Step: { RaiseAbove: 80, RaiseBy: 20, LowerBelow: 40, LowerBy: 10 },
        Read: { Min: 5 },
        Write: { Max: 400 },
        HealthUrl: 'https://status.example.com/up',
      },
    });
    expect(new Set(report.map(({ outcome }) => outcome))).toEqual(new Set(['carried', 'changed']));
  });

  it('gets the more careful of two thresholds, and the report has both', async () => {
    const { settings, report } = await table('reads-upper-threshold: 70', 'writes-upper-threshold: 85.5');
    expect(settings).toMatchObject({ Scaling: { Step: { RaiseAbove: 70 } } });
    expect(report.map(({ line, outcome, message }) => [line, outcome, message])).toEqual([
      [2, 'carried', expect.stringContaining('reads (70) and writes (85.5)')],
      [3, 'changed', expect.stringContaining('RaiseAbove is 70')],
    ]);
    const alone = await table('writes-lower-threshold: 60');
    expect(alone.settings).toMatchObject({ Scaling: { Step: { LowerBelow: 30 } } });
  });

  it.each<[string, string[], object]>([
    ['a limit of the settings', ['decrease-reads-with: 100', 'decrease-writes-with: 100'], { LowerBy: 99 }],
    ['an integer', ['reads-upper-threshold: 87.5'], { RaiseAbove: 87 }],
    ['less than the upper threshold', ['reads-upper-threshold: 20'], { RaiseAbove: 20, LowerBelow: 19 }],
    [
      'the percentage for consumption',
      ['increase-reads-with: 10', 'increase-consumed-reads-with: 60'],
      { RaiseBy: 60 },
    ],
  ])('gets a step that is %s', async (_, options, Step) => {
    expect((await table(...options)).settings).toMatchObject({ Scaling: { Step } });
  });

  it('gets the opposite of its maintenance windows, whose last minute counts', async () => {
    const { settings, report } = await table('maintenance-windows: 22:00-23:59,', '   00:00-06:00');
    expect(settings).toMatchObject({ Maintenance: [{ From: '06:01', To: '22:00' }] });
    expect(report[0]).toMatchObject({
      line: 2,
      outcome: 'changed',
      message: expect.stringContaining('opposite'),
    });
    const night = await table('maintenance-windows: 23:00-04:00,10:00-11:00');
    expect(night.settings).toMatchObject({ Maintenance: [{ From: '11:01', To: '10:00' }] });
    expect(night.report[0]!.message).toContain('23:00-04:00 is never open there');
  });

  it('says what becomes of every other option', async () => {
    expect(
      await outcomes(
        'increase-reads-with: 100',
        'increase-reads-unit: units',
        'decrease-reads-unit: percent',
        'allow-scaling-down-reads-on-0-percent: true',
        'allow-scaling-down-writes-on-0-percent: false',
        'always-decrease-rw-together: true',
        'enable-reads-up-scaling: false',
        'throttled-reads-upper-threshold: 3',
        'increase-consumed-reads-scale: {0: 0, 5: 20}',
        'sns-topic-arn: arn:aws:sns:eu-west-1:123456789012:scaling',
        'lookback-period: 5',
        'no-such-option: 1',
        'min-provisioned-reads: 1',
        'min-provisioned-reads: 2',
      ),
    ).toEqual([
      '2 increase-reads-with not-carried',
      '3 increase-reads-unit not-carried',
      '4 decrease-reads-unit not-needed',
      '5 allow-scaling-down-reads-on-0-percent not-needed',
      '6 allow-scaling-down-writes-on-0-percent not-carried',
      '7 always-decrease-rw-together not-carried',
      '8 enable-reads-up-scaling not-carried',
      '9 throttled-reads-upper-threshold not-needed',
      '10 increase-consumed-reads-scale not-carried',
      '11 sns-topic-arn not-carried',
      '12 lookback-period not-needed',
      '13 no-such-option not-needed',
      '14 min-provisioned-reads not-needed',
      '15 min-provisioned-reads carried',
    ]);
  });

  it('scales nothing if reads and writes are off', async () => {
    const { settings } = await table('enable-reads-autoscaling: 0', 'enable-writes-autoscaling: off');
    expect(settings).toEqual({ Scaling: { Method: 'none' } });
  });

  it('has all its problems reported with their lines', async () => {
    const { problems } = await table(
      'reads-upper-threshold: high',
      'min-provisioned-reads: 9',
      'max-provisioned-reads: 3',
      'min-provisioned-writes: 0',
      'always-decrease-rw-together: maybe',
      'maintenance-windows: 22:00',
      'no delimiter',
    );
    expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '2 reads-upper-threshold "high" is not a number of at least 0.',
      '3 min-provisioned-reads 9 is more than the maximum 3.',
      '5 min-provisioned-writes 0 is less than 1.',
      '6 always-decrease-rw-together "maybe" is not true or false.',
      '7 maintenance-windows "22:00" is not a window such as 22:00-23:59.',
      '8 must be "[section]", "option: value" or "option = value". Continuation lines are indented.',
    ]);
  });

  it('has defaults for all tables, and indexes', async () => {
    const text = [
      '[default_options]',
      'min-provisioned-reads: 7',
      '[table: ^a$]',
      '[table: ^b$]',
      'min-provisioned-reads: 8',
      '[gsi: ^byName$ table: ^b$]',
      'maintenance-windows: 10:00-11:00',
      'max-provisioned-writes: 9',
      '[gsi: ^byDate$ table: ^c$]',
      'max-provisioned-writes: 9',
    ].join('\n');
    const { settings, report } = (await importText(text))!;
    const Read = (Min: number) => ({ Method: 'step', Read: { Min } });
    expect(settings).toEqual({
      Defaults: {
        Tables: {
          a: { Scaling: Read(7) },
          b: { Scaling: { ...Read(8), Indexes: { byName: { ...Read(7), Write: { Max: 9 } } } } },
        },
      },
    });
    expect(report.filter(({ outcome }) => outcome === 'not-carried').map(({ line }) => line)).toEqual([
      7, 10,
    ]);
  });

  it.each<[string, string, string]>([
    [String.raw`^production\.Flags\.\d+$`, 'carried', 'Now the settings of Flags in environment production.'],
    ['^my_table$', 'carried', 'Now the settings of my_table.'],
    [
      'my_table',
      'changed',
      'It matches every table whose name starts with "my_table". Now the settings of my_table.',
    ],
    ['log_.*', 'changed', 'It matches every table whose name starts with "log_". Now the settings of log.'],
    ['^(a|b)$', 'not-carried', 'The regular expression "^(a|b)$" can match tables of several groups.'],
    [
      '^log[0-9]+$',
      'not-carried',
      'The section name ends at the first "]", so dynamic-dynamodb reads "^log[0-9".',
    ],
  ])('has a section for %s, which is %s', async (expression, outcome, message) => {
    const { report } = (await importText(`[table: ${expression}]\nmin-provisioned-reads: 1\n`))!;
    expect(report[0]).toMatchObject({ line: 1, outcome, message: expect.stringContaining(message) });
    expect(report).toHaveLength(2);
  });

  it('never has its keys copied', async () => {
    const text = `[global]\naws-secret-access-key-id: s3cret\ncircuit-breaker-url: https://u:s3cret@x.org/\n${TABLE}\n`;
    const imported = (await importText(text))!;
    expect(JSON.stringify(imported)).not.toContain('s3cret');
    expect(imported.report.map(({ outcome }) => outcome)).toEqual(['not-carried', 'not-carried', 'carried']);
  });
});

const SCHEMA_CONFIG = `schema_config:
  configs:
    - from: 2019-07-01
      store: aws
      object_store: s3
      index: { prefix: loki_index_, period: 168h, tags: { team: logs } }
      chunks: { prefix: chunks_, period: 24h }
    - from: 2021-01-01
      store: aws-dynamo
      index: { prefix: daily-, period: 1d }
      chunks: { prefix: odd_, period: 36h }
table_manager:
  retention_deletes_enabled: true
  retention_period: 672h
  index_tables_provisioning:
    provisioned_write_throughput: 200
    provisioned_read_throughput: 0
    inactive_read_throughput: 3
    write_scale: { enabled: true }
`;

describe('a schema config of Loki or Cortex', () => {
  it('becomes specs with the keys of its tables, their schemes, retention and throughput', async () => {
    const { specs, settings } = (await importText(SCHEMA_CONFIG))!;
    const throughput = {
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 200 },
      OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 1 },
    };
    const keys = {
      AttributeDefinitions: [
        { AttributeName: 'h', AttributeType: 'S' },
        { AttributeName: 'r', AttributeType: 'B' },
      ],
      KeySchema: [
        { AttributeName: 'h', KeyType: 'HASH' },
        { AttributeName: 'r', KeyType: 'RANGE' },
      ],
    };
    expect(specs).toEqual([
      {
        TableName: 'loki_index',
        RotationScheme: 'weekly',
        PurgeRotation: 5,
        Properties: { ...keys, ...throughput, Tags: [{ Key: 'team', Value: 'logs' }] },
      },
      {
        TableName: 'daily',
        RotationScheme: 'daily',
        PurgeRotation: 29,
        Properties: { ...keys, ...throughput },
      },
    ]);
    expect(settings).toEqual({});
  });

  it('says what becomes of each line, and that its tables cannot be adopted', async () => {
    const { report, notes } = (await importText(SCHEMA_CONFIG))!;
    const lost = report.filter(({ outcome }) => outcome === 'not-carried');
    expect(lost.map(({ line, option, message }) => `${line} ${option}: ${message}`)).toEqual([
      '7 schema_config.configs[0].chunks.prefix: The store is "s3", so DynamoDB has no such tables.',
      '7 schema_config.configs[0].chunks.period: The store is "s3", so DynamoDB has no such tables.',
      '11 schema_config.configs[1].chunks.prefix: The period "36h" has no scheme. Turntable has 24h (daily) and 168h (weekly).',
      '11 schema_config.configs[1].chunks.period: The period "36h" has no scheme. Turntable has 24h (daily) and 168h (weekly).',
      '19 table_manager.index_tables_provisioning.write_scale.enabled: Scale follows demand with its own method. Set Scaling.Read and Scaling.Write for bounds.',
    ]);
    expect(notes[0]).toContain('Turntable cannot adopt them');
  });

  it('retains all tables unless it deletes them, and can be on-demand', async () => {
    const text = SCHEMA_CONFIG.replace('enabled: true', 'enabled: false').replace(
      'provisioned_write_throughput: 200',
      'enable_ondemand_throughput_mode: true',
    );
    const { specs } = (await importText(text))!;
    expect(specs![0]).toMatchObject({ PurgeRotation: -1, Properties: { BillingMode: 'PAY_PER_REQUEST' } });
  });

  it('has all its problems reported with their lines', async () => {
    const text = SCHEMA_CONFIG.replace('168h', 'a week')
      .replace('daily-', '"a b"')
      .replace('672h', '4 weeks');
    const { problems } = (await importText(text))!;
    expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '6 schema_config.configs[0].index.period "a week" is not a duration such as 168h.',
      '10 schema_config.configs[1].index.prefix "a b" is not a prefix of a table name: letters, digits, "_", "-" and ".".',
      '14 table_manager.retention_period "4 weeks" is not a duration such as 168h.',
    ]);
    const broken = (await importText('schema_config:\n  configs: [\n'))!;
    expect(broken.problems[0]).toMatchObject({
      line: 3,
      message: expect.stringMatching(/^is not valid YAML: /),
    });
  });
});

describe('YAML', () => {
  const nines = Array(9).fill('*a').join(',');
  it.each([
    ['a value that contains itself', 'table_manager: &a\n  retention_period: *a\n'],
    ['a level inside itself', 'schema_config:\n  configs: &a\n    - x: *a\n'],
    [
      'values that multiply',
      [
        'a0: &a0 [1,1,1]',
        ...[1, 2, 3, 4, 5, 6].map((i) => `a${i}: &a${i} [${nines.replaceAll('*a', `*a${i - 1}`)}]`),
      ]
        .concat('schema_config: *a6')
        .join('\n'),
    ],
  ])('is rejected with %s', async (_, text) => {
    const { problems } = (await importText(text))!;
    expect(problems.map(({ message }) => message)).toContain(
      'has more than 10000 values, or is nested deeper than 20 levels.',
    );
  });
});

describe('turntable import', () => {
  const source = (text: string): string => {
    const file = join(folder, 'source');
    writeFileSync(file, text);
    return file;
  };

  it('writes files that validate accepts', async () => {
    const out = join(folder, 'out');
    expect(await run(['import', source(SCHEMA_CONFIG), '--out', out])).toBe(0);
    expect(printed.join('\n')).toContain(`Wrote ${join(out, 'tables.json')}.`);
    const specs: { TableName: string }[] = JSON.parse(readFileSync(join(out, 'tables.json'), 'utf8'));
    expect(await run(['validate', '--config', out])).toBe(0);

    const options = [
      'reads-upper-threshold: 70',
      'writes-lower-threshold: 60',
      'maintenance-windows: 22:00-23:59',
    ];
    const tables = ['loki_index', 'daily']
      .map((name) => `[table: ^${name}$]\n${options.join('\n')}\n`)
      .join('');
    writeFileSync(join(out, 'tables.json'), JSON.stringify(specs));
    expect(await run(['import', source(tables), '--out', out])).toBe(0);
    printed.length = 0;
    expect(await run(['validate', '--config', out])).toBe(0);
    expect(printed[0]).toContain('2 specs: loki_index (weekly), daily (daily).');
  });

  it('prints the files if it has no --out, and data with --json', async () => {
    expect(await run(['import', source(`${TABLE}\nmin-provisioned-reads: 5\n`)])).toBe(0);
    expect(printed.join('\n')).toMatch(
      /LINE {2}OPTION[\s\S]* 2 {2}min-provisioned-reads [\s\S]*settings\.json:\n\{/,
    );
    printed.length = 0;
    expect(await run(['import', source(SCHEMA_CONFIG), '--json'])).toBe(0);
    expect(JSON.parse(printed.join(''))).toMatchObject({
      specs: [{ TableName: 'loki_index' }, {}],
      report: expect.any(Array),
    });
  });

  it('replaces no file unless a person agrees', async () => {
    writeFileSync(join(folder, 'tables.json'), 'mine');
    expect(await run(['import', source(SCHEMA_CONFIG), '--out', folder])).toBe(2);
    expect(printed.at(-1)).toContain('already exists. Nothing was written.');
    expect(readFileSync(join(folder, 'tables.json'), 'utf8')).toBe('mine');
  });

  it.each<[string, string, string]>([
    [
      'an unknown kind',
      '{"a": 1}',
      'is of an unknown kind. Known kinds: a configuration of dynamic-dynamodb',
    ],
    ['no table', '[global]\nregion: x\n[logging]\n', 'line 1: has no section "[table: NAME]".'],
    [
      'a wrong value',
      `${TABLE}\nmin-provisioned-reads: x\n`,
      'line 2: min-provisioned-reads "x" is not a number',
    ],
  ])('rejects %s', async (_, text, message) => {
    expect(await run(['import', source(text), '--out', join(folder, 'out')])).toBe(2);
    expect(printed.join('\n')).toContain(message);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('shows twenty problems and the number of the others', async () => {
    const lines = Array.from({ length: 30 }, () => 'min-provisioned-reads').join('\n');
    expect(await run(['import', source(`${TABLE}\n${lines}\n`)])).toBe(2);
    expect(printed).toHaveLength(21);
    expect(printed.at(-1)).toContain('10 more problems.');
  });

  it('rejects a file that does not exist', async () => {
    expect(await run(['import', join(folder, 'absent')])).toBe(2);
    expect(printed[0]).toContain('absent does not exist.');
  });
});
