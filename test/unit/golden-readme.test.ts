import { describe, expect, test } from 'vitest';
import { withOutput } from '../../scripts/golden/readme.ts';

const page = (...lines: string[]): string =>
  `Text\n\`\`\`console\n$ npm start\n…\n${lines.join('\n')}\n…\n\`\`\`\nText\n`;

describe('renewing the output in the README', () => {
  const printed = ['first', '09:00 production.Flags  created', '09:01 production.Flags  raised', 'last'];

  test('replaces a line by the most similar printed line', () => {
    expect(withOutput(page('09:01 production.Flags  taken up'), printed)).toBe(
      page('09:01 production.Flags  raised'),
    );
  });

  test('keeps the order of the printed lines', () => {
    const shown = ['09:00 production.Flags  made', '09:01 production.Flags  raised'];
    expect(withOutput(page(...shown), printed)).toBe(page(...printed.slice(1, 3)));
  });

  test('does not change a page that is up to date', () => {
    const current = page(...printed.slice(1, 3));
    expect(withOutput(current, printed)).toBe(current);
  });

  test('rejects a line that nothing printed is similar to', () => {
    expect(() => withOutput(page('Plan: 1 to create'), printed)).toThrow(/Plan: 1 to create/);
  });
});
