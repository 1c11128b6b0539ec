import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../src/backtest/trace.ts';
import { csvRows, delimiterOf } from '../../src/recorded/csv-rows.ts';
import { readCsv, readJson } from '../../src/recorded/read.ts';
import { Problems, type Recording } from '../../src/recorded/series.ts';
import { type ReadOptions, tracesOf } from '../../src/recorded/traces.ts';
import { grafanaCsv, metricData, metricStatistics, rangeQuery, type Samples } from '../support/recordings.ts';

const options: ReadOptions = { dimension: 'write', gaps: 'zero' };

function traceIn(read: (problems: Problems) => Recording | undefined, given = options): Trace {
  const problems = new Problems('file');
  const { traces } = tracesOf(read(problems)!, given, problems);
  problems.throwIfAny();
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

/** Values at both ends and in two steps that follow each other, so that the step is known. */
const samples: fc.Arbitrary<Samples> = fc
  .record({
    start: fc.integer({ min: 28_000_000, max: 30_000_000 }).map((minute) => minute * 60_000),
    stepMs: fc.constantFrom(60_000, 300_000, 3_600_000),
    inner: fc.array(fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }), { maxLength: 40 }),
    value: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ start, stepMs, inner, value }) => ({
    start,
    stepMs,
    // The step is the most frequent distance, so most steps have a value.
    values: [...Array(inner.length + 2).fill(value), ...inner, value],
  }));

describe('demand as another tool writes it', () => {
  it.each<[string, (given: Samples) => Trace]>([
    ['get-metric-data', (given) => traceIn((problems) => readJson(metricData(given), problems))],
    ['get-metric-statistics', (given) => traceIn((problems) => readJson(metricStatistics(given), problems))],
    ['Prometheus', (given) => traceIn((problems) => readJson(rangeQuery(given), problems))],
    ['Grafana', (given) => traceIn((problems) => readCsv(grafanaCsv(given), problems))],
  ])('is read as it was, from %s', (_, read) => {
    fc.assert(
      fc.property(samples, (given) => {
        const { start, stepMs, values } = read(given);
        expect({ start, stepMs }).toEqual({ start: given.start, stepMs: given.stepMs });
        const expected = given.values.map((value) => value ?? 0);
        expect(values).toHaveLength(expected.length);
        for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 6);
      }),
    );
  });

  it('is the same from files in another order', () => {
    fc.assert(
      fc.property(samples, fc.infiniteStream(fc.nat()), (given, keys) => {
        const answer = metricStatistics(given);
        const shuffled = answer.Datapoints.map((point) => ({ point, key: keys.next().value }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ point }) => point);
        const readOne = (Datapoints: unknown) =>
          traceIn((problems) => readJson({ ...answer, Datapoints }, problems));
        expect(readOne(shuffled)).toEqual(readOne(answer.Datapoints));
      }),
    );
  });
});

describe('the rows of a CSV file', () => {
  it('are what was quoted, with the lines on which they start', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 })), (rows) => {
        const quoted = rows.map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
        const read = csvRows(quoted.join('\n'), ',');
        expect(read.map(({ cells }) => cells)).toEqual(
          rows.filter((cells) => cells.some((one) => one !== '')),
        );
        for (const { line, cells } of read) {
          const rest = quoted
            .join('\n')
            .split(/\r\n|\r|\n/)
            .slice(line - 1);
          expect(rest[0]).toContain(`"${cells[0]!.replaceAll('"', '""').split(/\r\n|\r|\n/)[0]}`);
        }
      }),
    );
  });

  it('have the delimiter that is most frequent outside quotes', () => {
    expect(delimiterOf('"Time","a;b;c"')).toBe(',');
    expect(delimiterOf('Series;Time;Value')).toBe(';');
    expect(delimiterOf('"Time"\t"{a=""1"",b=""2""}"')).toBe('\t');
  });
});
