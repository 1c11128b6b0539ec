import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/backtest/figures.ts';
import { pageOf, runsOf } from '../../src/backtest/page.ts';
import { pageScript } from '../../src/backtest/page-script.ts';
import { simulate } from '../../src/backtest/simulate.ts';

describe('the page of a backtest', () => {
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

  it('needs nothing from anywhere else', () => {
    expect(page).not.toMatch(/(?:src|href)=/);
    expect(page).not.toMatch(/https?:/);
  });

  it('holds the series it shows, and escapes names', () => {
    const json = /<script id="data" type="application\/json">(.*)<\/script>/.exec(page)?.[1];
    expect(JSON.parse(json!)).toMatchObject({ minutes: 3, demand: [2, 1, 1, 5] });
    expect(page).toContain('<title>a &#60; b: backtest</title>');
  });

  it('shows what every method came to, and escapes its name', () => {
    const hostile = pageWith(['</script><b>']);
    expect(hostile.match(/<\/script>/g)).toHaveLength(2);
    expect(hostile).not.toContain('<b>');
    expect(hostile).toContain('&#60;/script&#62;');
  });

  it('draws the method that it is about beside target tracking, in whatever order they come', () => {
    const shown = [
      ...pageWith(['step', 'target-tracking-70', 'predictive'], 'predictive').matchAll(/<tr>.*<\/tr>/g),
    ]
      .map(([line]) => line)
      .filter((line) => line.includes(' checked'));
    expect(shown).toHaveLength(2);
    expect(shown[0]).toContain('target-tracking-70');
    expect(shown[1]).toContain('predictive');
  });

  it('says what the table in the terminal says, by the same prices', () => {
    const dear = { ...figuresOf(series, replayed), costMonth: 4321.5 };
    expect(pageWith(['stay'], 'stay', dear)).toContain('<td>4321.50</td>');
  });

  it('draws', () => {
    const json = /<script id="data" type="application\/json">(.*)<\/script>/.exec(page)![1]!;
    const drawn: string[] = [];
    const context = new Proxy({} as Record<string, unknown>, {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          void drawn.push([String(name), ...args].join(' ')),
      set: () => true,
    });
    const readout = { textContent: '' };
    const canvas = { clientWidth: 300, clientHeight: 200, getContext: () => context, addEventListener() {} };
    const box = { addEventListener() {} };
    const document = {
      body: {},
      getElementById: () => ({ textContent: json }),
      querySelector: (name: string) => (name === 'canvas' ? canvas : readout),
      querySelectorAll: () => [box],
    };
    const getComputedStyle = () => ({ color: '#000', getPropertyValue: () => '#999' });
    new Script(pageScript).runInNewContext({
      document,
      getComputedStyle,
      devicePixelRatio: 1,
      addEventListener() {},
      matchMedia: () => ({ addEventListener() {} }),
    });
    expect(drawn.filter((call) => call.startsWith('lineTo'))).toHaveLength(300 - 64 - 8);
    expect(drawn).toContainEqual(expect.stringContaining('fillText 1970-01-01 00:02'));
    expect(readout.textContent).toBe('1970-01-01 00:00 to 1970-01-01 00:03 UTC');
  });

  it('packs values as runs', () => {
    expect(runsOf(Float64Array.from([3, 3, 3, 0, 2.04]))).toEqual([3, 3, 1, 0, 1, 2]);
  });
});
