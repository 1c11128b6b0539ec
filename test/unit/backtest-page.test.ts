import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { pageOf, runsOf } from '../../src/backtest/page.ts';
import { pageScript } from '../../src/backtest/page-script.ts';
import { simulate } from '../../src/backtest/simulate.ts';

describe('the page of a backtest', () => {
  const series = { name: 'a < b', start: 0, demand: Float64Array.from([1, 1, 5]) };
  const page = pageOf(series, new Map([['stay', simulate(series, ({ provisioned }) => provisioned)]]));

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
    const replayed = simulate(series, ({ provisioned }) => provisioned);
    const hostile = pageOf(series, new Map([['</script><b>', replayed]]));
    expect(hostile.match(/<\/script>/g)).toHaveLength(2);
    expect(hostile).not.toContain('<b>');
    expect(hostile).toContain('&#60;/script&#62;');
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
