import { afterEach, describe, expect, it } from 'vitest';
import { type Condition, healthOf, type LastRun, readinessOf } from '../../src/cli/daemon/condition.ts';
import { addressOf } from '../../src/cli/daemon/listen-option.ts';
import { prometheusName } from '../../src/cli/daemon/prometheus.ts';
import { type Telling, telling } from '../../src/cli/daemon/telling.ts';
import { metricNames } from '../../src/core/metrics/catalog.ts';
import { measured } from '../../src/core/metrics/measurement.ts';
import type { Job } from '../../src/core/plan.ts';
import { at, MINUTE } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
let now = NOON;
let told: Telling | undefined;

afterEach(async () => {
  await told?.close();
  told = undefined;
  now = NOON;
});

const start = async (): Promise<Telling> => {
  told = await telling({ host: '127.0.0.1', port: 0 }, 'production', () => now);
  return told;
};
const get = async (path: string, method = 'GET') => {
  const response = await fetch(`${told?.url}${path}`, { method });
  return { code: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
const group = (of: string) => ({ division: 'group', of }) as const;

describe('the daemon', () => {
  it('loads and opens nothing without an address', async () => {
    const { url } = await telling(undefined, 'production', () => now);
    expect(url).toBeUndefined();
  });

  it('answers on 127.0.0.1 that it is healthy, and ready once rotate has run', async () => {
    const daemon = await start();
    expect(daemon.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await get('/health')).toMatchObject({ code: 200, type: 'application/json' });
    expect(await get('/ready')).toMatchObject({
      code: 503,
      text: '{"status":"rotate has not run yet","lastRuns":{}}\n',
    });
    daemon.record('rotate', 'done', undefined);
    expect(await get('/ready')).toMatchObject({ code: 200 });
    daemon.record('rotate', 'failed', undefined);
    expect((await get('/ready')).text).toContain('the last run of rotate failed');
    daemon.record('rotate', 'done', undefined);
    daemon.stopping();
    expect((await get('/ready')).text).toContain('stopping');
    now += 11 * MINUTE;
    expect(await get('/health')).toMatchObject({ code: 503 });
  });

  it('counts actions, and shows gauges of the newest run only', async () => {
    const daemon = await start();
    const rotated = { measurements: measured('Actions', 2, { division: 'kind', of: 'create' }), fields: {} };
    daemon.record('rotate', 'done', rotated);
    daemon.record('rotate', 'done', rotated);
    daemon.record('scale', 'done', {
      measurements: [
        ...measured('SecondsCovered', 60),
        ...measured('SecondsCovered', 60, group('Old')),
        ...measured('SecondsSuspended', 5),
      ],
      fields: {},
    });
    daemon.record('scale', 'failed', {
      measurements: [...measured('SecondsCovered', 90, group('Events')), ...measured('SecondsSuspended', 0)],
      fields: {},
    });
    const { code, type, text } = await get('/metrics');
    expect([code, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const values = text.split('\n').filter((line) => /^turntable/.test(line));
    expect(values).toEqual([
      'turntable_runs_total{job="rotate",outcome="done",environment="production"} 2',
      'turntable_runs_total{job="scale",outcome="done",environment="production"} 1',
      'turntable_runs_total{job="scale",outcome="failed",environment="production"} 1',
      'turntable_covered_seconds{job="scale",group="Events",environment="production"} 90',
      'turntable_suspended_seconds{job="scale",environment="production"} 0',
      'turntable_actions_total{job="rotate",kind="create",environment="production"} 4',
    ]);
    expect(text).not.toMatch(/nan|undefined/i);
  });

  it.each([
    ['/', 'GET', 404],
    ['/metrics', 'POST', 405],
    ['/health?verbose', 'GET', 200],
    ['/ready', 'HEAD', 503],
  ])('answers %s with %s: %i', async (path, method, code) => {
    await start();
    expect((await get(path, method)).code).toBe(code);
  });

  it('says that an address is in use', async () => {
    const { url } = await start();
    const port = Number(new URL(url!).port);
    await expect(telling({ host: '127.0.0.1', port }, 'production', () => now)).rejects.toThrow(
      `Could not listen on 127.0.0.1:${port} (EADDRINUSE).`,
    );
  });
});

describe('health and readiness', () => {
  const condition = (...runs: [Job, LastRun][]): Condition => ({
    ...{ startedAt: NOON, stopping: false },
    lastRuns: new Map(runs),
  });

  it('is healthy although every run fails, because a restart would not help', () => {
    const failing = condition(['scale', { outcome: 'failed', endedAt: NOON + 20 * MINUTE }]);
    expect(healthOf(failing, NOON + 21 * MINUTE).ok).toBe(true);
    expect(healthOf(failing, NOON + 31 * MINUTE)).toMatchObject({
      ok: false,
      status: 'no run has ended since 2026-11-21T12:20:00.000Z',
    });
  });

  it('is ready after a skipped run, because another process has run', () => {
    expect(readinessOf(condition(['rotate', { outcome: 'skipped', endedAt: NOON }])).ok).toBe(true);
  });
});

describe('--listen', () => {
  it.each([
    ['9464', '127.0.0.1', 9464],
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['[::1]:9464', '::1', 9464],
    ['localhost:0', 'localhost', 0],
  ])('%s is %s, port %i', (text, host, port) => expect(addressOf(text)).toEqual({ host, port }));

  it.each(['', ':1', '70000', 'localhost', '1.2.3.4:', 'a b:1', '::1:9464'])('rejects %j', (text) => {
    expect(() => addressOf(text)).toThrow(/^--listen ".*" is invalid\. Use a port, or a host and a port/);
  });
});

it('gives each metric a name of its own in Prometheus, in base units', () => {
  const names = metricNames.map(prometheusName);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^turntable_[a-z_]+[a-z]$/);
  expect(names).toEqual(
    expect.arrayContaining([
      'turntable_next_table_late',
      'turntable_throttled_at_bound_seconds',
      'turntable_since_rotate_seconds',
      'turntable_failed_actions_total',
    ]),
  );
});
