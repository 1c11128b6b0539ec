import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program.ts';

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turntable-backtest-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((text) => void printed.push(String(text)));
  vi.spyOn(console, 'error').mockImplementation((text) => void printed.push(String(text)));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

/** Demand that rises once: 10 minutes at 10/s, then 10 minutes at 100/s. */
function trace(name: string): string {
  const rows = Array.from({ length: 20 }, (_, i) => {
    const minute = String(i).padStart(2, '0');
    return `2026-01-01T00:${minute}:00Z,${i < 10 ? 10 : 100}`;
  });
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, `timestamp,value\n${rows.join('\n')}\n`);
  return file;
}

/** Writes four groups: method step with on-demand outdated tables, Billing auto, on-demand, and method none. */
function configured(): string {
  const config = join(folder, 'config');
  mkdirSync(config);
  const spec = (TableName: string, Outdated?: object) => ({
    TableName,
    RotationScheme: 'daily',
    PurgeRotation: 2,
    Properties: {
      AttributeDefinitions: [
        { AttributeName: 'Id', AttributeType: 'S' },
        { AttributeName: 'Name', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 20 },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byName',
          KeySchema: [{ AttributeName: 'Name', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
          ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 3 },
        },
      ],
      Outdated,
    },
  });
  const onDemand = {
    ...spec('OnDemand'),
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
  };
  const stepped = spec('Stepped', { BillingMode: 'PAY_PER_REQUEST' });
  const specs = [stepped, spec('Auto'), onDemand, spec('Unscaled')];
  writeFileSync(join(config, 'tables.json'), JSON.stringify(specs));
  const Tables = {
    Stepped: { Scaling: { Method: 'step' } },
    Auto: { Scaling: { Billing: 'auto' } },
    Unscaled: { Scaling: { Method: 'none' } },
  };
  writeFileSync(join(config, 'settings.json'), JSON.stringify({ Defaults: { Tables } }));
  return config;
}

describe('turntable backtest', () => {
  it('prints one table per trace with every method', async () => {
    expect(await run(['backtest', '--trace', trace('one'), trace('two')])).toBe(0);
    const text = printed.join('\n');
    for (const word of ['one', 'two', 'target-tracking-70', 'clairvoyant', 'on-demand', 'THROTTLED'])
      expect(text).toContain(word);
  });

  it('prints one JSON object per trace with the name of the default method', async () => {
    expect(await run(['backtest', '--json', '--mean', '500', '--trace', trace('one')])).toBe(0);
    const [report] = JSON.parse(printed.join(''));
    expect(report.trace).toBe('one');
    expect(report.methods[report.defaultMethod]).toMatchObject({
      meanCapacity: expect.any(Number),
      costRelative: expect.any(Number),
      throttledShare: expect.any(Number),
      raises: expect.any(Number),
      decreases: expect.any(Number),
      refused: expect.any(Number),
      metricReads: expect.any(Number),
    });
    expect(report.methods['on-demand'].costRelative).toBeCloseTo(3.4615, 3);
  });

  it('writes the decisions of every minute and the page', async () => {
    const out = join(folder, 'out');
    const args = ['backtest', '--method', 'static-peak', '--trace', trace('one'), '--out', out];
    expect(await run(args)).toBe(0);
    const rows = readFileSync(join(out, 'decisions-static-peak.csv'), 'utf8').trimEnd().split('\n');
    expect(rows[0]).toBe('timestamp,demand,provisioned,consumed,throttled');
    expect(rows[1]).toBe('2026-01-01T00:00:00.000Z,10,100,10,0');
    expect(rows).toHaveLength(21);
    expect(readFileSync(join(out, 'backtest.html'), 'utf8')).toContain('static-peak');
  });

  it('starts at --initial, and uses no burst capacity with --burst 0', async () => {
    const args = ['backtest', '--json', '--method', 'target-tracking-90', '--trace', trace('one')];
    await run([...args, '--initial', '50']);
    await run([...args, '--initial', '50', '--burst', '0']);
    const [withBurst, without] = printed.map((text) => JSON.parse(text)[0].methods['target-tracking-90']);
    expect(withBurst.throttledMinutes).toBe(0);
    expect(without.throttledMinutes).toBeGreaterThan(0);
  });

  it('replays a rotated group beside one table and common alternatives', async () => {
    expect(await run(['backtest', '--json', '--rotate', 'daily', '--trace', trace('one')])).toBe(0);
    const [report] = JSON.parse(printed.join(''));
    expect(Object.keys(report.methods)).toEqual(
      expect.arrayContaining([
        report.defaultMethod,
        `${report.defaultMethod}-never-rotated`,
        'target-tracking-70-with-floor',
        'predictive-auto-billing',
        'reactive',
        'target-tracking',
        'step',
        'full-on-both',
        'on-demand',
      ]),
    );
  });

  it.each(['none', 'daily'])('compares the method of the spec, with --rotate %s', async (rotate) => {
    const args = ['backtest', '--config', configured(), '--trace', trace('one'), '--rotate', rotate];
    const abouts: string[] = [];
    for (const name of ['Auto', 'Stepped', 'OnDemand', 'Unscaled']) {
      printed.length = 0;
      expect(await run([...args, '--json', '--spec', name])).toBe(0);
      const json = printed.find((text) => text.startsWith('['))!;
      abouts.push(JSON.parse(json)[0].defaultMethod);
    }
    expect(abouts).toEqual(['predictive-auto-billing', 'step', 'on-demand', 'predictive']);
    expect(printed[0]).toBe(
      `Cannot replay method none of Unscaled${rotate === 'none' ? '' : ' with --rotate daily'}. Replaying predictive instead.`,
    );
  });

  it('writes traces of the same name to separate folders', async () => {
    mkdirSync(join(folder, 'other'));
    const out = join(folder, 'out');
    const files = [trace('one'), trace('other/one')];
    expect(
      await run(['backtest', '--json', '--method', 'on-demand', '--out', out, '--trace', ...files]),
    ).toBe(0);
    expect(JSON.parse(printed.join('')).map((report: { trace: string }) => report.trace)).toEqual([
      'one',
      'one-2',
    ]);
    expect(readdirSync(out).sort()).toEqual(['one', 'one-2']);
  });

  it('replays what the AWS CLI printed, and says how it read the file', async () => {
    const file = join(folder, 'metrics.json');
    const Datapoints = [0, 1, 2].map((minute) => ({
      Timestamp: `2026-01-01T00:0${minute}:00+00:00`,
      Sum: 600,
    }));
    writeFileSync(file, JSON.stringify({ Label: 'ConsumedWriteCapacityUnits', Datapoints }));
    expect(await run(['backtest', '--json', '--method', 'static-peak', '--trace', file])).toBe(0);
    expect(printed[0]).toBe(
      `${file}: Read the output of aws cloudwatch get-metric-statistics: "ConsumedWriteCapacityUnits", 3 steps of 1 minute.`,
    );
    expect(JSON.parse(printed[1]!)[0]).toMatchObject({
      trace: 'metrics',
      methods: { 'static-peak': { peakCapacity: 10 } },
    });
  });

  it('prints no ratio if demand is zero', async () => {
    const file = join(folder, 'idle.csv');
    writeFileSync(file, 'timestamp,value\n2026-01-01T00:00:00Z,0\n2026-01-01T00:01:00Z,0\n');
    expect(await run(['backtest', '--method', 'predictive', '--trace', file])).toBe(0);
    expect(printed[0]).toMatch(/^predictive .* – /m);
    expect(await run(['backtest', '--json', '--method', 'predictive', '--trace', file])).toBe(0);
    expect(JSON.parse(printed[1]!)[0].methods.predictive).toMatchObject({
      costRelative: null,
      throttledShare: 0,
    });
  });

  it('uses the prices and bounds of the dimension, and the bounds of an index', async () => {
    const args = [
      'backtest',
      '--json',
      '--method',
      'static-peak',
      '--config',
      configured(),
      '--trace',
      trace('one'),
    ];
    await run(args);
    await run([...args, '--dimension', 'read']);
    await run([...args, '--dimension', 'read', '--spec', 'Stepped']);
    await run([...args, '--spec', 'Stepped', '--index', 'byName']);
    const [writes, reads, within, ofIndex] = printed.map(
      (text) => JSON.parse(text)[0].methods['static-peak'],
    );
    expect(writes.costMonth).toBeCloseTo(100 * 0.00065 * 720, 6);
    expect(reads.costMonth).toBeCloseTo(100 * 0.00013 * 720, 6);
    // Ten times the provisioned throughput: 5 reads of the table, 3 writes of its index.
    expect(within.peakCapacity).toBe(50);
    expect(ofIndex.peakCapacity).toBe(30);
  });

  it('reports all problems at once', async () => {
    const file = join(folder, 'taken');
    writeFileSync(file, '');
    const args = [
      '--trace',
      join(folder, 'absent.csv'),
      join(folder, 'gone.csv'),
      '--mean',
      '-1',
      '--burst',
      'x',
    ];
    const more = ['--initial', '0', '--method', 'guess', '--index', 'byName', '--out', join(file, 'below')];
    expect(await run(['backtest', '--config', configured(), ...args, ...more])).toBe(2);
    for (const word of [
      'absent.csv',
      'gone.csv',
      '--mean',
      '--burst',
      '--initial',
      '"guess"',
      '--index',
      '--out',
    ])
      expect(
        printed.filter((line) => line.includes(word)),
        word,
      ).toHaveLength(1);
    printed.length = 0;
    expect(await run(['backtest', '--config', folder, '--spec', 'Any', '--trace', file])).toBe(2);
    expect(printed.join('\n')).toContain('header');
    expect(printed.join('\n')).toContain('tables.json');
  });

  it('reports a folder that it cannot write to', async () => {
    // /proc accepts no new folders, not even from root.
    const args = ['backtest', '--method', 'on-demand', '--trace', trace('one'), '--out', '/proc/backtest'];
    expect(await run(args)).not.toBe(0);
    expect(printed.join('\n')).toContain('/proc/backtest');
    expect(printed.join('\n')).not.toContain('is a bug');
  });

  it.each([
    ['an unknown method', ['--method', 'guess'], 'Unknown method "guess"'],
    [
      'a method without a rotated group',
      ['--method', 'mollom-template', '--rotate', 'daily'],
      'Unknown method "mollom-template" with --rotate daily',
    ],
    ['a mean of zero', ['--mean', '0'], '--mean'],
    ['a period of zero', ['--period', '0'], '--period "0" is not a number greater than 0.'],
    ['a burst that is not a number', ['--burst', 'some'], '--burst'],
  ])('rejects %s with exit code 2', async (_, extra, word) => {
    expect(await run(['backtest', '--trace', trace('one'), ...extra])).toBe(2);
    expect(printed.join('\n')).toContain(word);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('names the file and the line of a parse error', async () => {
    const file = join(folder, 'bad.csv');
    writeFileSync(file, 'timestamp,value\n2026-01-01T00:00:00Z,1\n2026-01-01T00:01:00Z,many\n');
    expect(await run(['backtest', '--trace', file])).toBe(2);
    expect(printed.join('\n')).toContain(`${file}, line 3`);
    expect(await run(['backtest', '--trace', join(folder, 'absent.csv')])).toBe(2);
    expect(printed.join('\n')).toContain('absent.csv');
  });
});

describe('turntable tables', () => {
  it('lists no capacity for tables that are created on-demand', async () => {
    const config = configured();
    expect(await run(['tables', '--config', config, '--json', '--at', '2026-11-21T09:00:00Z'])).toBe(0);
    const listed: { readonly name: string; readonly writeCapacityUnits: number | null }[] = JSON.parse(
      printed[0]!,
    );
    const asked = listed.filter(({ name }) => /Stepped|Auto/.test(name));
    expect(asked.map(({ name, writeCapacityUnits }) => [name, writeCapacityUnits])).toEqual([
      ['dev.Stepped.20261120', null],
      ['dev.Stepped.20261121', 20],
      ['dev.Stepped.20261122', 20],
      ['dev.Auto.20261120', null],
      ['dev.Auto.20261121', null],
      ['dev.Auto.20261122', null],
    ]);
  });
});
