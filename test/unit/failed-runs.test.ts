import { expect, it } from 'vitest';
import { failedRuns } from '../../src/cli/daemon/failed-runs.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { World } from '../support/sim/world.ts';
import { at, DAY, MINUTE } from '../support/specs.ts';

const world = new World(at('2026-11-21T12:00'));
const topic = world.openTopic();

it('tells of a job whose runs end with an error once a day, and of each job', async () => {
  const failures = failedRuns('production', world.ports());
  await failures.tell('scale', 'No credentials.');
  await world.clock.sleep(MINUTE);
  await failures.tell('scale', 'No credentials.');
  await failures.tell('rotate', 'No credentials.');
  expect(topic.published.map(({ subject, types, message }) => [subject, types, message])).toEqual([
    [
      'Turntable production: scale failed',
      ['failed'],
      'The scale run in production at 2026-11-21 12:00 UTC failed: No credentials.',
    ],
    ['Turntable production: rotate failed', ['failed'], expect.stringContaining('rotate run in production')],
  ]);
  await world.clock.sleep(DAY);
  await failures.tell('scale', 'No credentials.');
  expect(topic.published).toHaveLength(3);
});

it('tells again after the clock was far in the future', async () => {
  const late = new World(at('2027-11-21T12:00'));
  const hook = late.openTopic();
  const ports = { webhook: hook, clock: { sleep: () => Promise.resolve(), now: () => time } };
  let time = at('2027-11-21T12:00');
  const failures = failedRuns('production', ports);
  await failures.tell('scale', 'No credentials.');
  time = at('2026-11-21T12:00');
  await failures.tell('scale', 'No credentials.');
  expect(hook.published).toHaveLength(2);
});

it('tells nothing without the kind, and says if it could not', async () => {
  const webhook = {
    publish: async () => {
      throw new ServiceError('refused', 'HTTP 500');
    },
  };
  const failures = failedRuns('production', { clock: world.clock, webhook });
  failures.kinds = [];
  expect(await failures.tell('purge', 'No.')).toBeUndefined();
  failures.kinds = ['failed'];
  expect(await failures.tell('purge', 'No.')).toBe(
    'Could not send a notice of that to the webhook: HTTP 500',
  );
});
