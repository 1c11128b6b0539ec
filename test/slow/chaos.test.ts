/** More random histories than `npm test` has time for. docs/safety.md describes them. */
import { test } from 'vitest';
import { expectNoViolation } from '../chaos/command.ts';

test('plays five hundred random histories without a violation', () => expectNoViolation(500, 77));
