import { describe, expect, it } from 'vitest';
import { minutesOf, TraceError } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';

const csv = (...rows: string[]) => ['timestamp,value', ...rows, ''].join('\n');
const demandOf = (text: string, mean?: number) => [...minutesOf(parseTrace('t', text), mean).demand];

/** Rows that are `seconds` apart, from midnight. */
const every = (seconds: number, values: readonly number[]) =>
  values.map((value, i) => `${new Date(Date.UTC(2026, 0, 1) + i * seconds * 1000).toISOString()},${value}`);

describe('a trace', () => {
  it.each<[what: string, seconds: number, values: number[], minutes: number[]]>([
    ['minutes unchanged', 60, [1, 2, 3], [1, 2, 3]],
    ['five minutes with their value in each of them', 300, [5, 10], [5, 5, 5, 5, 5, 10, 10, 10, 10, 10]],
    ['seconds with their mean', 30, [1, 3, 5, 5, 8, 0], [2, 5, 4]],
    ['ninety seconds with their part of each minute', 90, [4, 8, 2, 0], [4, 6, 8, 2, 1, 0]],
    ['no incomplete last minute', 30, [1, 3, 9], [2]],
    [
      'longer steps with interpolated values',
      600,
      [0, 10],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...Array(10).fill(10)],
    ],
    [
      'long steps that are not whole minutes',
      450,
      [0, 15],
      [0, 2, 4, 6, 8, 10, 12, 14, ...Array(7).fill(15)],
    ],
  ])('reads %s', (_, seconds, values, minutes) => {
    expect(demandOf(csv(...every(seconds, values)))).toEqual(minutes);
  });

  it('can be scaled to a mean', () => {
    expect(demandOf(csv(...every(60, [1, 3])), 500)).toEqual([250, 750]);
    expect(() => demandOf(csv(...every(60, [0, 0])), 500)).toThrow('t has no demand');
  });

  it.each([
    ['seconds since 1970', '1767225600,1\n1767225660,2\n'],
    ['milliseconds since 1970', '1767225600000,1\n1767225660000,2\n'],
    ['seconds with a fraction', '1767225600.0,1\n1767225660.0,2\n'],
    ['no time zone, which means UTC', '2026-01-01 00:00:00,1\n2026-01-01 00:01:00,2\n'],
    ['another time zone', '2026-01-01T01:00:00+01:00,1\n2026-01-01T01:01:00+01:00,2\n'],
    ['quotes', '"2026-01-01T00:00:00Z","1"\n"2026-01-01T00:01:00Z","2"\n'],
    ['spaces', ' 2026-01-01T00:00:00Z , 1\n2026-01-01T00:01:00Z,\t2 \n'],
    ['blank lines', '\n2026-01-01T00:00:00Z,1\n\n  \n2026-01-01T00:01:00Z,2\n\n'],
    ['Windows line ends', '2026-01-01T00:00:00Z,1\r\n2026-01-01T00:01:00Z,2\r\n'],
  ])('can have %s', (_, rows) => {
    const read = { name: 't', start: Date.UTC(2026), stepMs: 60_000, values: Float64Array.of(1, 2) };
    expect(parseTrace('t', `timestamp,value\n${rows}`)).toEqual(read);
    expect(parseTrace('t', `"Timestamp", "Value"\n${rows}`)).toEqual(read);
  });

  it.each([
    ['no content', '', 'line 1: the header'],
    ['another header', 'time,rps\n2026-01-01T00:00:00Z,1\n', 'line 1: the header'],
    ['no header', csv(...every(60, [1, 2])).slice('timestamp,value\n'.length), 'line 1: the header'],
    ['only one point', csv('2026-01-01T00:00:00Z,1'), 'two points'],
    ['less than a minute', csv(...every(1, [1, 2, 3])), 'line 4: a trace must be at least one minute long'],
    ['a value that is not a number', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,x'), 'line 3'],
    ['a missing value', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,'), 'line 3'],
    ['a negative value', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,-1'), 'line 3'],
    ['an invalid timestamp', csv('yesterday,1', '2026-01-01T00:01:00Z,1'), 'line 2'],
    ['a third column', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,1,1'), 'line 3'],
    [
      'a gap',
      csv(...every(60, [1, 1, 1, 1, 1]).toSpliced(3, 1)),
      'line 5: the timestamp is 2 minutes after the one before, but a step is 1 minute. A step without demand needs a line with the value 0.',
    ],
    [
      'a gap after the first point',
      csv(...every(60, [1, 1, 1, 1, 1]).toSpliced(1, 1)),
      'line 3: the timestamp is 2 minutes after',
    ],
    [
      'a point between two steps',
      csv(...every(60, [1, 1]), '2026-01-01T00:01:30Z,1', ...every(60, Array(9).fill(1)).slice(2)),
      'line 4: the timestamp is 30 seconds after',
    ],
    [
      'a duplicate timestamp',
      csv(...every(60, [1, 1]), ...every(60, [1, 1, 1, 1]).slice(1)),
      'line 4: the timestamp is not later',
    ],
    [
      'timestamps in reverse order',
      csv(...every(60, [1, 1, 1]).reverse()),
      'line 3: the timestamp is not later',
    ],
  ])('is rejected with %s, and the error has the line', (_, text, where) => {
    expect(() => parseTrace('bad.csv', text)).toThrow(TraceError);
    expect(() => parseTrace('bad.csv', text)).toThrow(where);
  });

  it('is rejected with all problems at once, up to ten', () => {
    const rows = every(60, Array(40).fill(1));
    rows[3] = 'yesterday,1';
    rows[6] = rows[6]!.replace(',1', ',-1');
    const { problems } = caught(() => parseTrace('bad.csv', csv(...rows.toSpliced(20, 5))));
    expect(problems.map((problem) => problem.slice(0, 40))).toEqual([
      'bad.csv, line 5: "yesterday,1" has no va',
      'bad.csv, line 8: "2026-01-01T00:06:00.00',
      'bad.csv, line 22: the timestamp is 6 min',
    ]);
    const many = caught(() => parseTrace('bad.csv', csv(...Array(40).fill('?,?'))));
    expect(many.problems).toHaveLength(11);
    expect(many.problems.at(-1)).toBe('bad.csv: 30 more lines are invalid.');
  });
});

function caught(act: () => unknown): TraceError {
  try {
    act();
  } catch (error) {
    if (error instanceof TraceError) return error;
  }
  throw new Error('The trace was not rejected.');
}
