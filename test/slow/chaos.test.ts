/** More histories than `npm test` has time for. docs/safety.md describes them. */
import { expect, test } from 'vitest';
import { IN_NPM_TEST, playClosed } from '../chaos/closed-histories.ts';
import { expectNoViolation } from '../chaos/command.ts';

// `npm run chaos -- --histories 10000` plays more.
test('plays sixty random histories without a violation', () => expectNoViolation(60, 77));

/** `HISTORIES=500 npx vitest run --config vitest.slow.config.ts test/slow/chaos.test.ts` plays more of them. */
const CLOSED = Number(process.env.HISTORIES ?? 20);

test(`plays ${CLOSED} more histories in which environments are closed and opened again`, async () => {
  const { violations, timeline } = await playClosed({ first: IN_NPM_TEST + 1, last: IN_NPM_TEST + CLOSED });
  expect(violations, timeline.join('\n')).toEqual([]);
});
