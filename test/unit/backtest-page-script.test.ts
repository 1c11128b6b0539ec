/** Runs the script of the backtest page in a fake browser that records what it draws. */
import { Script } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PageData } from '../../src/backtest/page-data.ts';
import { pageScript } from '../../src/generated/page-script.ts';

/** One hour with demand 1/s for 30 minutes, then 5/s, and two methods. */
const data: PageData = {
  start: 0,
  minutes: 60,
  demand: [30, 1, 30, 5],
  methods: [
    { name: 'low', color: '#111', shown: true, capacity: [60, 2], throttled: [30, 0, 30, 3] },
    { name: 'high', color: '#222', shown: false, capacity: [60, 5], throttled: [60, 0] },
  ],
};
const WIDTH = 372;
/** Pixels left and right of the plot. */
const PLOT = WIDTH - 64 - 8;

type Listener = (event: Record<string, unknown>) => void;

/** An element that records its listeners. */
class FakeElement {
  readonly #listeners = new Map<string, Listener>();
  readonly addEventListener = (type: string, listener: Listener): void => {
    this.#listeners.set(type, listener);
  };
  readonly fire = (type: string, event: Record<string, unknown> = {}): void => {
    this.#listeners.get(type)!({ preventDefault() {}, ...event });
  };
}

class FakeCanvas extends FakeElement {
  readonly clientWidth = WIDTH;
  readonly clientHeight = 200;
  /** Method calls of the drawing context, as text. */
  drawn: string[] = [];
  readonly getContext = () =>
    new Proxy({} as Record<string, unknown>, {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          void this.drawn.push([String(name), ...args].join(' ')),
      set: () => true,
    });
}

let canvas: FakeCanvas;
let boxes: (FakeElement & { checked: boolean })[];
let readout: { textContent: string };

beforeEach(() => {
  canvas = new FakeCanvas();
  boxes = data.methods.map(({ shown }) => Object.assign(new FakeElement(), { checked: shown }));
  readout = { textContent: '' };
  const document = {
    body: {},
    getElementById: () => ({ textContent: JSON.stringify(data) }),
    querySelector: (name: string) => (name === 'canvas' ? canvas : readout),
    querySelectorAll: () => boxes,
  };
  new Script(pageScript).runInNewContext({
    document,
    getComputedStyle: () => ({ getPropertyValue: () => '#999' }),
    devicePixelRatio: 1,
    addEventListener() {},
    matchMedia: () => new FakeElement(),
  });
});

const calls = (name: string): string[] => canvas.drawn.filter((call) => call.startsWith(name));

describe('the script of the backtest page', () => {
  it('draws the selected method, one point per pixel, and time labels', () => {
    expect(calls('lineTo')).toHaveLength(PLOT);
    expect(canvas.drawn).toContainEqual(expect.stringContaining('fillText 1970-01-01 00:30'));
    expect(readout.textContent).toBe('1970-01-01 00:00 to 1970-01-01 01:00 UTC');
  });

  it('draws a second method when its box is checked', () => {
    canvas.drawn = [];
    boxes[1]!.checked = true;
    boxes[1]!.fire('change');
    expect(calls('lineTo')).toHaveLength(2 * PLOT);
  });

  it('shows demand, capacity, and throttles of the minute under the pointer', () => {
    canvas.fire('pointermove', { offsetX: 64 + PLOT / 2, buttons: 0 });
    expect(readout.textContent).toBe('1970-01-01 00:30 UTC   ·   demand 5/s   ·   low 2/s, throttled 3/s');
    canvas.fire('pointermove', { offsetX: 64, buttons: 0 });
    expect(readout.textContent).toBe('1970-01-01 00:00 UTC   ·   demand 1/s   ·   low 2/s');
    canvas.fire('pointerleave');
    expect(readout.textContent).toContain(' to ');
  });

  it('zooms to 20 minutes at most, moves with the arrow keys, and shows everything on Home', () => {
    for (let i = 0; i < 9; i++) canvas.fire('keydown', { key: '+' });
    expect(readout.textContent).toBe('1970-01-01 00:20 to 1970-01-01 00:40 UTC');
    canvas.fire('keydown', { key: 'ArrowRight' });
    expect(readout.textContent).toBe('1970-01-01 00:24 to 1970-01-01 00:44 UTC');
    canvas.fire('keydown', { key: 'Home' });
    expect(readout.textContent).toBe('1970-01-01 00:00 to 1970-01-01 01:00 UTC');
  });

  it('zooms around the pointer with the wheel, and moves by dragging', () => {
    canvas.fire('wheel', { offsetX: 64, deltaY: -1 });
    expect(readout.textContent).toBe('1970-01-01 00:00 to 1970-01-01 00:48 UTC');
    canvas.fire('pointermove', { offsetX: 64, buttons: 1, movementX: -PLOT / 4 });
    canvas.fire('pointerleave');
    expect(readout.textContent).toBe('1970-01-01 00:12 to 1970-01-01 01:00 UTC');
  });

  it('cannot end the script element', () => {
    expect(pageScript).not.toMatch(/<\/script|<!--/i);
  });
});
