import fc from 'fast-check';

/** What somebody might put into a name, a tag, a path or a message to be more than text. */
const tricks = [
  '',
  ' ',
  '-rf',
  '--yes',
  '..',
  '../../etc/passwd',
  '$(reboot)',
  '`reboot`',
  "'; reboot; '",
  'a\nb',
  'a\r\nError: all is well',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  '\u0000',
  'a\u0000b',
  '\u2028line',
  '\u2029paragraph',
  '\u202egnp.exe',
  '\ud800',
  '\u{e0041}',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  "']; process.exit(3); //",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to stay as it is
  '${process.exit(3)}',
  '*/ process.exit(3) /*',
  '__proto__',
  'constructor',
  'toString',
  'arn:aws:dynamodb:*:*:table/*',
  '*',
  '%s%n%d',
  'é'.repeat(300),
  'x'.repeat(100_000),
  '9'.repeat(400),
  'NaN',
  'Infinity',
  '-1',
  '1e308',
  'null',
  'undefined',
  '😀',
] as const;

/** Text of any kind, mostly of the kind that is meant ill. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<string>(...tricks) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom<string>(...tricks.slice(0, 30)), fc.string())
      .map((parts) => parts.join('')),
  },
);

/** Whatever a terminal would act on, or would hide. */
export const UNSEEN = /[^\n\P{C}]|[\p{Zl}\p{Zp}]/u;
