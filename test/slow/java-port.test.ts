/** The Java lines of the guide, run by Java on the published vectors. npm does not bring Java. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import vectors from '../../docs/vectors.json' with { type: 'json' };

const guide = readFileSync(join(import.meta.dirname, '../../docs/applications.md'), 'utf8');
const [, imports = '', port = ''] = /```java\n((?:import .*\n)+)([\s\S]*?)```/.exec(guide) ?? [];

const { status, stderr = '' } = spawnSync('java', ['-version'], { encoding: 'utf8' });
// A runtime without the compiler cannot run a source file.
const installed =
  status === 0 &&
  Number(/version "(\d+)/.exec(stderr)?.[1]) >= 14 &&
  spawnSync('java', ['--list-modules'], { encoding: 'utf8' }).stdout.includes('jdk.compiler@');
if (!installed) console.log('Skips the port in Java: a JDK is missing, or older than 14.');

const folder = mkdtempSync(join(tmpdir(), 'turntable-java-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!installed).each([
  ['UTC', 'en'],
  ['America/New_York', 'ar'],
])(
  'the port in the guide gives the published names: in the time zone %s, the language %s',
  (TZ, language) => {
    const file = join(folder, 'Port.java');
    writeFileSync(
      file,
      `${imports}class Port {
${port}
  public static void main(String[] args) {
    var lines = new java.util.Scanner(System.in);
    while (lines.hasNext())
      System.out.println(table(lines.next(), lines.next(), lines.next(), OffsetDateTime.parse(lines.next()).toInstant()));
  }
}`,
    );
    const input = vectors.names
      .map(({ environment, group, scheme, instant }) => [environment, group, scheme, instant].join(' '))
      .join('\n');
    const options = { input, encoding: 'utf8' as const, env: { ...process.env, TZ } };
    const { stdout, stderr } = spawnSync('java', [`-Duser.language=${language}`, file], options);
    expect(stdout.trim().split('\n'), stderr).toEqual(vectors.names.map(({ table }) => table));
  },
);
