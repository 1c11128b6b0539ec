import fc from 'fast-check';

/** Texts in names, tags, paths or messages that an attacker could use to inject something. */
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
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text must stay as it is
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

/** Any text, mostly a hostile one. */
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

/** Characters that a terminal interprets or hides. */
export const UNSEEN = /[^\n\P{C}]|[\p{Zl}\p{Zp}]/u;
