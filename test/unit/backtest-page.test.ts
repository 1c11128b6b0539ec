import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/backtest/figures.ts';
import { pageOf } from '../../src/backtest/page.ts';
import { simulate } from '../../src/backtest/simulate.ts';

describe('pageOf', () => {
  const series = { name: 'a < b', start: 0, demand: Float64Array.from([1, 1, 5]) };
  const replayed = simulate(series, ({ provisioned }) => provisioned);
  const pageWith = (
    names: readonly string[],
    defaultMethod = names[0]!,
    figures = figuresOf(series, replayed),
  ) =>
    pageOf(series, new Map(names.map((name) => [name, replayed])), {
      trace: series.name,
      defaultMethod,
      methods: Object.fromEntries(names.map((name) => [name, figures])),
    });
  const page = pageWith(['stay']);

  it('refers to no other file or address', () => {
    expect(page).not.toMatch(/ (?:src|href|style)=/);
    expect(page).toContain("default-src 'none'; script-src 'sha256-");
  });

  it('contains the series, and escapes the name of the trace', () => {
    const json = /<script id="data" type="application\/json">(.*)<\/script>/.exec(page)?.[1];
    expect(JSON.parse(json!)).toMatchObject({ minutes: 3, demand: [2, 1, 1, 5] });
    expect(page).toContain('<title>a &#60; b: backtest</title>');
  });

  it('escapes the names of methods', () => {
    const hostile = pageWith(['</script><b>']);
    expect(hostile.match(/<\/script>/g)).toHaveLength(2);
    expect(hostile).not.toContain('<b>');
    expect(hostile).toContain('&#60;/script&#62;');
  });

  it('selects the default method and target tracking at first, in any order', () => {
    const shown = [
      ...pageWith(['step', 'target-tracking-70', 'predictive'], 'predictive').matchAll(/<tr>.*<\/tr>/g),
    ]
      .map(([line]) => line)
      .filter((line) => line.includes(' checked'));
    expect(shown).toHaveLength(2);
    expect(shown[0]).toContain('target-tracking-70');
    expect(shown[1]).toContain('predictive');
  });

  it('shows the given figures', () => {
    const expensive = { ...figuresOf(series, replayed), costMonth: 4321.5 };
    expect(pageWith(['stay'], 'stay', expensive)).toContain('<td class="right">4321.50</td>');
  });
});
