import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/failure.ts';
import { readTraces } from '../../src/cli/traces.ts';
import type { ReadOptions } from '../../src/recorded/traces.ts';
import { grafanaCsv, metricData, metricStatistics, rangeQuery } from '../support/recordings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turntable-recorded-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const START = Date.UTC(2026, 10, 21);
const samples = (values: readonly (number | undefined)[], stepMs = 60_000) => ({
  start: START,
  stepMs,
  values,
});

/** The name says nothing about the format. */
function read(content: unknown, options: Partial<ReadOptions> = {}) {
  const file = join(folder, 'demand.txt');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readTraces([file], { dimension: 'write', gaps: 'error', ...options });
}

const valuesIn = (content: unknown, options?: Partial<ReadOptions>) =>
  read(content, options).traces.map(({ values }) => [...values]);

const notesOf = (content: unknown, options?: Partial<ReadOptions>) =>
  read(content, options).notes.map((note) => note.replace(`${folder}/`, ''));

function problemsOf(content: unknown, options?: Partial<ReadOptions>): string[] {
  try {
    read(content, options);
  } catch (error) {
    if (error instanceof UsageError)
      return error.problems.map((problem) => problem.replace(`${folder}/`, ''));
    throw error;
  }
  throw new Error('The file was not rejected.');
}

describe('the output of aws cloudwatch', () => {
  it.each([
    ['get-metric-data', metricData(samples([1, 2, 3]))],
    ['get-metric-statistics', metricStatistics(samples([1, 2, 3]))],
    ['get-metric-statistics in five-minute steps', metricStatistics(samples([1, 2, 3], 300_000))],
  ])('becomes units per second, with %s', (_, answer) => {
    expect(valuesIn(answer)).toEqual([[1, 2, 3]]);
    expect(read(answer).traces[0]).toMatchObject({ name: 'demand', start: START });
  });

  it('counts a minute without a datapoint as zero', () => {
    expect(valuesIn(metricData(samples([1, undefined, 3, 4])))).toEqual([[1, 0, 3, 4]]);
  });

  it('has the longest step that fits every datapoint, or the one that the user says', () => {
    const sparse = metricStatistics(samples([1, undefined, 3]));
    expect(read(sparse).traces[0]).toMatchObject({ stepMs: 120_000, values: Float64Array.of(0.5, 1.5) });
    expect(valuesIn(sparse, { periodSeconds: 60 })).toEqual([[1, 0, 3]]);
  });

  it('can have epoch seconds as timestamps', () => {
    const Datapoints = [0, 60].map((after) => ({ Timestamp: START / 1000 + after, Sum: 60 }));
    expect(valuesIn({ Label: 'ConsumedWriteCapacityUnits', Datapoints })).toEqual([[1, 1]]);
  });

  it('can be pages that the AWS CLI joined, and a list of answers', () => {
    const [first, second] = [samples([1, 2]), { ...samples([3, 4]), start: START + 120_000 }];
    const pages = [metricData(first), metricData(second)].flatMap((page) => page.MetricDataResults);
    expect(valuesIn({ MetricDataResults: [{ ...pages[0], StatusCode: 'PartialData' }, pages[1]] })).toEqual([
      [1, 2, 3, 4],
    ]);
    expect(valuesIn([metricStatistics(first), metricStatistics(second)])).toEqual([[1, 2, 3, 4]]);
  });

  it('has reads and writes by label, and other metrics are ignored and named', () => {
    const of = (label: string, value: number) =>
      metricData(samples([value, value]), label).MetricDataResults[0];
    const MetricDataResults = [
      { ...of('ConsumedReadCapacityUnits', 7), Id: 'r' },
      { ...of('ConsumedWriteCapacityUnits', 9), Id: 'w' },
      { ...of('WriteThrottleEvents', 1), Id: 't' },
    ];
    expect(valuesIn({ MetricDataResults })).toEqual([[9, 9]]);
    expect(valuesIn({ MetricDataResults }, { dimension: 'read' })).toEqual([[7, 7]]);
    expect(notesOf({ MetricDataResults })).toEqual([
      'demand.txt: Read the output of aws cloudwatch get-metric-data: "ConsumedWriteCapacityUnits", 2 steps of 1 minute. The file does not name the statistic, so values are read as Sum. Ignored: "ConsumedReadCapacityUnits", "WriteThrottleEvents".',
    ]);
  });

  it('is rejected with everything that is wrong', () => {
    const results = metricData(samples([1, 2])).MetricDataResults;
    const Timestamps = ['yesterday', '2026-11-21T00:00:00Z', '2026-11-21T00:01:00Z'];
    const wrong = { ...results[0], StatusCode: 'InternalError', Timestamps, Values: ['1', -1] };
    expect(problemsOf({ MetricDataResults: [wrong, { Id: 'm2' }] })).toEqual([
      'demand.txt, MetricDataResults[0]: has 3 Timestamps, but 2 Values.',
      'demand.txt, MetricDataResults[0].Values[0]: the timestamp "yesterday" is neither ISO 8601 nor an epoch in seconds.',
      'demand.txt, MetricDataResults[0].Values[0]: the value "1" is not a number from 0 to 1e12.',
      'demand.txt, MetricDataResults[0].Values[1]: the value -1 is not a number from 0 to 1e12.',
      'demand.txt, MetricDataResults[0].Values[2]: the value nothing is not a number from 0 to 1e12.',
      'demand.txt, MetricDataResults[1]: must have the lists Timestamps and Values.',
      'demand.txt, MetricDataResults[0]: "ConsumedWriteCapacityUnits" has the StatusCode "InternalError". Run the command again.',
    ]);
    const average = {
      Label: 'x',
      Datapoints: [{ Timestamp: '2026-11-21T00:00:00Z', Average: 1, Unit: 'Count' }],
    };
    expect(problemsOf(average)).toEqual([
      'demand.txt, Datapoints[0]: has Timestamp, Average, Unit, but no Sum. Run the command with --statistics Sum.',
    ]);
    expect(problemsOf(metricData(samples([1, 2], 90_000)))).toEqual([
      'demand.txt, MetricDataResults[0].Values[0]: the timestamps are not whole minutes apart. DynamoDB sends one datapoint per minute.',
    ]);
    expect(problemsOf(metricData(samples([1, 2])), { dimension: 'read' })).toEqual([
      'demand.txt: has no consumed reads. Its series: "ConsumedWriteCapacityUnits". To replay writes, add --dimension write.',
    ]);
    expect(problemsOf({ MetricDataResults: [] })).toEqual(['demand.txt: has no series.']);
    expect(problemsOf(metricData(samples([1])))).toEqual([
      'demand.txt, "ConsumedWriteCapacityUnits": a trace needs at least two points.',
    ]);
  });
});

describe('the answer to a range query of Prometheus', () => {
  it('has values per second, as text, from the HTTP API or promtool', () => {
    const answer = rangeQuery(samples([1, 2.5, 3]));
    expect(valuesIn(answer)).toEqual([[1, 2.5, 3]]);
    expect(valuesIn(answer.data.result)).toEqual([[1, 2.5, 3]]);
    expect(notesOf(answer)).toEqual([
      'demand.txt: Read the answer to a range query of Prometheus: "{job=\\"app\\"}", 3 steps of 1 minute.',
    ]);
  });

  it('has gaps where samples are missing or NaN, which are zero only if the user says so', () => {
    const answer = rangeQuery(samples([1, undefined, undefined, 4, undefined, 6, 7]));
    answer.data.result[0]!.values.splice(4, 1);
    expect(problemsOf(answer)).toEqual([
      'demand.txt, "{job=\\"app\\"}": has no value from 2026-11-21 00:01 UTC to 2026-11-21 00:03 UTC. If there was no demand, add --gaps zero.',
      'demand.txt, "{job=\\"app\\"}": has no value from 2026-11-21 00:04 UTC to 2026-11-21 00:05 UTC. If there was no demand, add --gaps zero.',
    ]);
    expect(valuesIn(answer, { gaps: 'zero' })).toEqual([[1, 0, 0, 4, 0, 6, 7]]);
  });

  it('names each series, and the folder of its output', () => {
    const answer = rangeQuery(samples([1, 2]), { __name__: 'puts', table: 'a' });
    answer.data.result.push({
      metric: { __name__: 'puts', table: '../b' },
      values: answer.data.result[0]!.values,
    });
    expect(read(answer).traces.map(({ name }) => name)).toEqual([
      'demand-puts-table-a',
      'demand-puts-table-..-b',
    ]);
  });

  it('needs the period of a metric of CloudWatch, because an exporter passes on the sum', () => {
    const metric = { __name__: 'aws_dynamodb_consumed_write_capacity_units_sum' };
    const answer = rangeQuery(samples([60, 120]), metric);
    expect(problemsOf(answer)).toEqual([
      'demand.txt, "aws_dynamodb_consumed_write_capacity_units_sum": is a metric of CloudWatch, whose values are sums over a period. The file does not name the period. Add --period with its seconds, such as --period 60, or --period 1 if values are per second.',
    ]);
    expect(valuesIn(answer, { periodSeconds: 60 })).toEqual([[1, 2]]);
  });

  it.each<[string, unknown, string]>([
    [
      'an error',
      { status: 'error', errorType: 'bad_data', error: 'parse error' },
      'demand.txt: is an error of Prometheus: "parse error".',
    ],
    [
      'an instant query',
      { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '2'] }] } },
      'demand.txt, data.resultType: must be "matrix", but is "vector". Use /api/v1/query_range with start, end and step.',
    ],
    [
      'native histograms',
      [{ metric: {}, histograms: [] }],
      'demand.txt, [0]: contains native histograms. Query a number, for example with histogram_count.',
    ],
    [
      'an infinite value',
      rangeQuery(samples([1, Infinity])),
      'demand.txt, data.result[0].values[1]: the value "Infinity" is not a number from 0 to 1e12.',
    ],
    [
      'a sample without a time',
      [{ metric: {}, values: [['now', '1']] }],
      'demand.txt, [0].values[0]: ["now","1"] must be [epoch seconds, "value"].',
    ],
    [
      'two values for one time',
      [
        {
          metric: {},
          values: [
            [START / 1000, '1'],
            [START / 1000, '2'],
          ],
        },
      ],
      'demand.txt, [0].values[1]: has the value 2 for 2026-11-21 00:00 UTC, but [0].values[0] has 1. A time has one value.',
    ],
    [
      'a sample between two steps',
      rangeQuery({ ...samples([1, 2, 3]), stepMs: 60_000 }).data.result.map((one) => ({
        ...one,
        values: [...one.values, [START / 1000 + 150, '4']],
      })),
      'demand.txt, [0].values[3]: 2026-11-21T00:02:30.000Z is not a multiple of 60 seconds after 2026-11-21 00:00 UTC. Export at one interval.',
    ],
  ])('is rejected with %s', (_, answer, problem) => {
    expect(problemsOf(answer)).toEqual([problem]);
  });

  it('can have equal samples twice and in any order', () => {
    const [one] = rangeQuery(samples([1, 2, 3])).data.result;
    expect(valuesIn([{ ...one, values: [...one!.values.toReversed(), one!.values[0]] }])).toEqual([
      [1, 2, 3],
    ]);
  });
});

describe('the CSV of Grafana', () => {
  it.each<[string, string, number[]]>([
    ['epoch milliseconds', grafanaCsv(samples([1, 2.5, 3])), [1, 2.5, 3]],
    ['formatted data', '"Time","puts"\n2026-11-21 00:00:00,1.5 K\n2026-11-21 00:01:00,300\n', [1500, 300]],
    [
      'a unit per second',
      '"Time","puts"\n2026-11-21 00:00:00,1.5K ops/s\n2026-11-21 00:01:00,12 wr/s\n',
      [1500, 12],
    ],
    ['a unit per minute', '"Time","puts"\n2026-11-21 00:00:00,60 wpm\n2026-11-21 00:01:00,3K c/m\n', [1, 50]],
    ['grouped digits', '"Time","puts"\n2026-11-21 00:00:00,"1,500"\n2026-11-21 00:01:00,1e2\n', [1500, 100]],
    ['a header for Excel', `sep=,\n${grafanaCsv(samples([1, 2]))}`, [1, 2]],
    ['tabs', `"Time"\t"puts, all"\n${START}\t1\n${START + 60_000}\t2\n`, [1, 2]],
    [
      'one row per value',
      `Series;Time;Value\nputs;2026-11-21T00:00:00+01:00;1\nputs;2026-11-21T00:01:00+01:00;2\n`,
      [1, 2],
    ],
  ])('can have %s', (_, text, values) => {
    expect(valuesIn(text)).toEqual([values]);
  });

  it('has one trace per column, each with its own times', () => {
    const label = '{__name__="puts", table="a,b"}';
    const [header, ...rows] = grafanaCsv(samples([1, 2, 3, 4]), label).split('\r\n');
    const text = [`${header},"other"`, ...rows.map((row, i) => row && `${row},${i % 2 ? '' : i}`)].join(
      '\r\n',
    );
    const { traces } = read(text);
    expect(traces.map(({ name, stepMs }) => [name, stepMs])).toEqual([
      ['demand-__name__-puts-table-a-b', 60_000],
      ['demand-other', 120_000],
    ]);
    expect([...traces[1]!.values]).toEqual([0, 2]);
  });

  it('says that times without a zone are read as UTC, and that formatted values are rounded', () => {
    expect(notesOf('"Time","puts"\n2026-11-21 00:00:00,1.5 K\n2026-11-21 00:01:00,300\n')).toEqual([
      'demand.txt: Read the CSV of Grafana: "puts", 2 steps of 1 minute. Its times have no zone and are read as UTC. Its values are rounded for reading. For exact values, turn off "Formatted data".',
    ]);
    expect(notesOf(grafanaCsv(samples([1, 2])))).toEqual([
      'demand.txt: Read the CSV of Grafana: "writes", 2 steps of 1 minute.',
    ]);
  });

  it('is rejected with the line of everything that is wrong', () => {
    const rows = [
      '11/21/2026 12:00 AM,1',
      '2026-11-21 00:01:00,12 °C',
      '2026-11-21 00:02:00,1,2',
      '2026-11-21 00:03:00,-1',
    ];
    expect(problemsOf(`"Time","puts"\n${rows.join('\n')}\n`)).toEqual([
      'demand.txt, line 2: the time "11/21/2026 12:00 AM" is neither ISO 8601 nor an epoch in milliseconds. In Grafana, turn off "Formatted data".',
      'demand.txt, line 4: has 3 cells, but the header has 2.',
      'demand.txt, line 3: the value "12 °C" must be a number from 0 to 1e12, or a rate such as "1.5 K" or "12 ops/s". In Grafana, turn off "Formatted data".',
      'demand.txt, line 5: the value "-1" must be a number from 0 to 1e12, or a rate such as "1.5 K" or "12 ops/s". In Grafana, turn off "Formatted data".',
    ]);
    expect(problemsOf(grafanaCsv(samples([1, undefined, 3, 4])))).toEqual([
      'demand.txt, "writes": has no value from 2026-11-21 00:01 UTC to 2026-11-21 00:02 UTC. If there was no demand, add --gaps zero.',
    ]);
  });
});

describe('a trace file', () => {
  it('keeps its values per second, unless the user gives a period', () => {
    const csv = 'timestamp,value\n2026-11-21T00:00:00Z,60\n2026-11-21T00:01:00Z,120\n';
    expect(valuesIn(csv)).toEqual([[60, 120]]);
    expect(valuesIn(csv, { periodSeconds: 60 })).toEqual([[1, 2]]);
    expect(notesOf(csv)).toEqual([]);
  });

  const known =
    'Known formats: the CSV of turntable export-trace, with the header "timestamp,value"; the JSON of aws cloudwatch get-metric-data or get-metric-statistics; the JSON of a range query of Prometheus; the CSV of Grafana, whose first column is Time. To make a trace from your tables, run turntable export-trace.';

  it.each<[string, unknown, string]>([
    ['another header', 'minute,puts\n1,2\n', `demand.txt, line 1: the header is unknown. ${known}`],
    ['no content', '', `demand.txt, line 1: the header is unknown. ${known}`],
    ['JSON of another shape', { puts: [1, 2] }, `demand.txt: the JSON has an unknown shape. ${known}`],
    ['an empty list', [], `demand.txt: the JSON has an unknown shape. ${known}`],
    [
      'an empty matrix',
      { status: 'success', data: { resultType: 'matrix', result: [] } },
      'demand.txt: has no series.',
    ],
  ])('is rejected with %s', (_, content, problem) => {
    expect(problemsOf(content)).toEqual([problem]);
  });

  it('is rejected with line and column if JSON is cut off', () => {
    const text = JSON.stringify(metricData(samples([1, 2])), null, 2).slice(0, 150);
    expect(problemsOf(text)[0]).toMatch(/^demand\.txt, line \d+, column \d+: /);
  });

  it('is rejected with ten problems and the number of the others', () => {
    const problems = problemsOf(grafanaCsv(samples(Array(30).fill(-1))));
    expect(problems).toHaveLength(11);
    expect(problems.at(-1)).toBe('demand.txt: 20 more problems.');
  });
});
