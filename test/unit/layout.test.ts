import { describe, expect, it } from 'vitest';
import { align, layout, wrap } from '../../src/cli/views/layout.ts';

describe('wrap', () => {
  it('breaks between words', () => {
    expect(wrap('one two three', 7, '  ')).toBe('  one\n  two\n  three');
    expect(wrap('one two three', 9)).toBe('one two\nthree');
  });

  it('breaks neither a long word nor a command', () => {
    expect(wrap('a production.Events.20261121 b', 10)).toBe('a\nproduction.Events.20261121\nb');
    const command = 'turntable confirm Events --env production';
    expect(wrap(`If that is correct, run ${command}. Then wait.`, 30)).toBe(
      `If that is correct, run\n${command}.\nThen wait.`,
    );
  });
});

describe('layout', () => {
  const columns = [{ title: 'PERIOD' }, { title: 'SIZE', align: 'right' as const }, { title: 'AGE' }];

  it('puts the columns that do not fit below each row, with their titles', () => {
    const rows = [{ cells: ['20261121', '1.2 GB', '3 d'], notes: ['ends soon'] }];
    expect(layout(columns, rows, { space: 20 })).toBe(
      ['PERIOD      SIZE', '20261121  1.2 GB', '          AGE 3 d', '          ends soon'].join('\n'),
    );
    expect(layout(columns, rows, { space: 21 }).split('\n')[1]).toBe('20261121  1.2 GB  3 d');
  });

  it('gives a label its own line if it is longer than its cells', () => {
    const rowOf = (text: string) => ({ label: { text, spanned: 1 }, cells: ['', '5 B'] });
    const rows = [{ cells: ['20261121', '1.2 GB'] }, rowOf('index a'), rowOf('index byTimestamp')];
    expect(layout(columns, rows).split('\n').slice(1)).toEqual([
      '20261121  1.2 GB',
      'index a      5 B',
      'index byTimestamp',
      '             5 B',
    ]);
  });
});

it('align breaks only the last cell of a row', () => {
  expect(align([['+', 'production.Flags', 'one two']], '', 20)).toBe('+  production.Flags\n   one two');
  expect(align([['+', 'production.Flags', 'one two']], '', 30)).toBe('+  production.Flags  one two');
});
