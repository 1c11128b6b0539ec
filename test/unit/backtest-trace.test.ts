import { describe, expect, it } from 'vitest';
import { minutesOf, TraceError } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';

const csv = (...rows: string[]) => ['timestamp,value', ...rows, ''].join('\n');
const demandOf = (text: string, mean?: number) => [...minutesOf(parseTrace('t', text), mean).demand];

/** Rows so many seconds apart, from midnight on. */
const every = (seconds: number, values: readonly number[]) =>
  values.map((value, i) => `${new Date(Date.UTC(2026, 0, 1) + i * seconds * 1000).toISOString()},${value}`);

describe('a trace', () => {
  it.each<[what: string, seconds: number, values: number[], minutes: number[]]>([
    ['minutes as they are', 60, [1, 2, 3], [1, 2, 3]],
    ['five minutes by holding them', 300, [5, 10], [5, 5, 5, 5, 5, 10, 10, 10, 10, 10]],
    ['seconds by their mean', 30, [1, 3, 5, 5, 8, 0], [2, 5, 4]],
    ['ninety seconds by what each minute has of them', 90, [4, 8, 2, 0], [4, 6, 8, 2, 1, 0]],
    ['a last minute that is not full by leaving it out', 30, [1, 3, 9], [2]],
    [
      'longer steps by what lies between them',
      600,
      [0, 10],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...Array(10).fill(10)],
    ],
    ['long steps of odd length, too', 450, [0, 15], [0, 2, 4, 6, 8, 10, 12, 14, ...Array(7).fill(15)]],
  ])('reads %s', (_, seconds, values, minutes) => {
    expect(demandOf(csv(...every(seconds, values)))).toEqual(minutes);
  });

  it('is scaled to the wanted mean', () => {
    expect(demandOf(csv(...every(60, [1, 3])), 500)).toEqual([250, 750]);
    expect(() => demandOf(csv(...every(60, [0, 0])), 500)).toThrow('t has no demand');
  });

  it.each([
    ['seconds since 1970', '1767225600,1\n1767225660,2\n'],
    ['milliseconds since 1970', '1767225600000,1\n1767225660000,2\n'],
    ['seconds with a fraction', '1767225600.0,1\n1767225660.0,2\n'],
    ['no zone, which is UTC', '2026-01-01 00:00:00,1\n2026-01-01 00:01:00,2\n'],
    ['another zone', '2026-01-01T01:00:00+01:00,1\n2026-01-01T01:01:00+01:00,2\n'],
    ['quotes', '"2026-01-01T00:00:00Z","1"\n"2026-01-01T00:01:00Z","2"\n'],
    ['spaces', ' 2026-01-01T00:00:00Z , 1\n2026-01-01T00:01:00Z,\t2 \n'],
    ['blank lines', '\n2026-01-01T00:00:00Z,1\n\n  \n2026-01-01T00:01:00Z,2\n\n'],
    ['the line ends of Windows', '2026-01-01T00:00:00Z,1\r\n2026-01-01T00:01:00Z,2\r\n'],
  ])('may be written with %s', (_, rows) => {
    const read = { name: 't', start: Date.UTC(2026), stepMs: 60_000, values: Float64Array.of(1, 2) };
    expect(parseTrace('t', `timestamp,value\n${rows}`)).toEqual(read);
    expect(parseTrace('t', `"Timestamp", "Value"\n${rows}`)).toEqual(read);
  });

  it.each([
    ['nothing in it', '', 'line 1: the header'],
    ['a foreign header', 'time,rps\n2026-01-01T00:00:00Z,1\n', 'line 1: the header'],
    ['no header', csv(...every(60, [1, 2])).slice('timestamp,value\n'.length), 'line 1: the header'],
    ['one point only', csv('2026-01-01T00:00:00Z,1'), 'two points'],
    ['less than a minute', csv(...every(1, [1, 2, 3])), 'line 4: a trace is a minute long'],
    ['no number', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,x'), 'line 3'],
    ['a missing value', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,'), 'line 3'],
    ['a negative value', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,-1'), 'line 3'],
    ['no instant', csv('yesterday,1', '2026-01-01T00:01:00Z,1'), 'line 2'],
    ['a third column', csv('2026-01-01T00:00:00Z,1', '2026-01-01T00:01:00Z,1,1'), 'line 3'],
    [
      'a gap',
      csv(...every(60, [1, 1, 1, 1, 1]).toSpliced(3, 1)),
      'line 5: it comes 2 min after the point before it, where a step is 1 min: a step without demand needs its 0.',
    ],
    [
      'a gap at its very beginning',
      csv(...every(60, [1, 1, 1, 1, 1]).toSpliced(1, 1)),
      'line 3: it comes 2 min',
    ],
    [
      'a point between two',
      csv(...every(60, [1, 1]), '2026-01-01T00:01:30Z,1', ...every(60, Array(9).fill(1)).slice(2)),
      'line 4: it comes 30 s',
    ],
    [
      'a point twice',
      csv(...every(60, [1, 1]), ...every(60, [1, 1, 1, 1]).slice(1)),
      'line 4: it is not later',
    ],
    ['time running backwards', csv(...every(60, [1, 1, 1]).reverse()), 'line 3: it is not later'],
  ])('is refused with %s, saying where', (_, text, where) => {
    expect(() => parseTrace('bad.csv', text)).toThrow(TraceError);
    expect(() => parseTrace('bad.csv', text)).toThrow(where);
  });

  it('says everything that is wrong at once, and no more than one can read', () => {
    const rows = every(60, Array(40).fill(1));
    rows[3] = 'yesterday,1';
    rows[6] = rows[6]!.replace(',1', ',-1');
    const { problems } = caught(() => parseTrace('bad.csv', csv(...rows.toSpliced(20, 5))));
    expect(problems.map((problem) => problem.slice(0, 40))).toEqual([
      'bad.csv, line 5: no instant in "yesterda',
      'bad.csv, line 8: "2026-01-01T00:06:00.00',
      'bad.csv, line 22: it comes 6 min after t',
    ]);
    const many = caught(() => parseTrace('bad.csv', csv(...Array(40).fill('?,?'))));
    expect(many.problems).toHaveLength(11);
    expect(many.problems.at(-1)).toBe('bad.csv: 30 more lines are wrong.');
  });
});

function caught(act: () => unknown): TraceError {
  try {
    act();
  } catch (error) {
    if (error instanceof TraceError) return error;
  }
  throw new Error('It was not refused.');
}
