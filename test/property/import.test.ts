import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../src/config/check.ts';
import { explained } from '../../src/config/explain.ts';
import { maintenanceUntil } from '../../src/core/permits/maintenance.ts';
import { importDynamicDynamodb } from '../../src/importing/dynamic-dynamodb/index.ts';
import { convertedOptions, tableOptions } from '../../src/importing/dynamic-dynamodb/options.ts';
import { outside } from '../../src/importing/dynamic-dynamodb/windows.ts';
import { parsePythonIni } from '../../src/importing/python-ini.ts';

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const windows = fc.array(fc.tuple(fc.nat(1439), fc.nat(1439)), { minLength: 1, maxLength: 4 });

describe('maintenance windows of dynamic-dynamodb', () => {
  it('are open exactly when those of Turntable are closed', () => {
    fc.assert(
      fc.property(windows, (given) => {
        const text = given.map(([from, to]) => `${clock(from)}-${clock(to)}`).join(',');
        const opposite = outside(text);
        if ('invalid' in opposite) throw new Error(opposite.invalid);
        const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
        const maintenance = opposite.windows.map(({ From, To }) => ({
          days: [0, 1, 2, 3, 4, 5, 6],
          fromMinute: minutes(From),
          lastsMinutes: (minutes(To) - minutes(From) + 1440) % 1440 || 1440,
        }));
        for (let minute = 0; minute < 1440; minute++) {
          // It compares "HHMM" as text, and both ends count.
          const open = given.some(([from, to]) => clock(from) <= clock(minute) && clock(minute) <= clock(to));
          expect(maintenanceUntil(maintenance, minute * 60_000) === undefined, clock(minute)).toBe(open);
        }
      }),
      { numRuns: 30 },
    );
  });
});

const names = [
  ...Object.keys(tableOptions),
  ...Object.keys({ ...convertedOptions('reads'), ...convertedOptions('writes') }),
  'maintenance-windows',
  'circuit-breaker-url',
  'unknown',
];

const valueFor = (name: string): fc.Arbitrary<string> => {
  if (/percent$|^enable|^always/.test(name) && !/reset/.test(name))
    return fc.constantFrom('true', 'false', '0', 'on');
  if (name === 'maintenance-windows') return fc.constantFrom('22:00-23:59', '00:00-06:00, 10:00-11:00');
  if (name === 'circuit-breaker-url') return fc.constantFrom('http://x.org/up', 'ftp://x.org');
  if (/unit$/.test(name)) return fc.constantFrom('units', 'percent');
  if (/^min/.test(name)) return fc.integer({ min: 1, max: 50 }).map(String);
  if (/^max/.test(name)) return fc.integer({ min: 50, max: 900 }).map(String);
  return fc.integer({ min: 0, max: 2000 }).map(String);
};

const option = fc.constantFrom(...names).chain((name) => valueFor(name).map((value) => `${name}: ${value}`));

describe('an import from dynamic-dynamodb', () => {
  it('reports each line once, and writes settings that are valid', () => {
    fc.assert(
      fc.property(
        fc.array(option, { maxLength: 20 }),
        fc.array(option, { maxLength: 10 }),
        (first, second) => {
          const text = ['[table: ^a$]', ...first, '[gsi: ^i$ table: ^a$]', ...second].join('\n');
          const { report, settings, problems } = importDynamicDynamodb(text);
          expect(problems).toEqual([]);
          expect(report.map(({ line }) => line)).toEqual(text.split('\n').map((_, i) => i + 1));
          expect(checkSettings(explained('settings.json', JSON.stringify(settings)), undefined)).toEqual([]);
        },
      ),
    );
  });

  it('has a result for any text', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '[table: a]',
        '[gsi: i table: a]',
        '[default_options]',
        '[global]',
        '  more',
        '[x',
        '__proto__: 1',
      ),
      option,
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const text = lines.join('\n');
        const { report, problems } = importDynamicDynamodb(text);
        const options = parsePythonIni(text).sections.flatMap((section) => section.options);
        const told = new Set(report.map((one) => one.line));
        if (problems.length === 0)
          for (const one of options) expect(told.has(one.line) || isIdle(text)).toBe(true);
      }),
    );
  });
});

/** Options of `default_options` without a table have no effect. */
const isIdle = (text: string): boolean => /^\[(default_options|gsi)/m.test(text);
