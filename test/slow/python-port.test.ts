/** The Python lines of the guide, run by Python on the published vectors. npm does not bring Python. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import vectors from '../../docs/vectors.json' with { type: 'json' };

const guide = readFileSync(join(import.meta.dirname, '../../docs/applications.md'), 'utf8');
const [, port = ''] = /```python\n([\s\S]*?)```/.exec(guide) ?? [];
const python = (script: string, input = '', env: NodeJS.ProcessEnv = {}) =>
  spawnSync('python3', ['-c', script], { input, encoding: 'utf8', env: { ...process.env, ...env } });

const installed = python('import sys; assert sys.version_info >= (3, 7)').status === 0;
if (!installed) console.log('Skips the port in Python: python3 is missing, or older than 3.7.');

test.skipIf(!installed)('the port in the guide gives the published names', () => {
  const script = `${port}
import json, sys
for v in json.load(sys.stdin):
    instant = datetime.fromisoformat(v["instant"].replace("Z", "+00:00"))
    print(table(v["environment"], v["group"], v["scheme"], instant))`;
  const { stdout, stderr } = python(script, JSON.stringify(vectors.names));
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(vectors.names.map(({ table }) => table));
});

test.skipIf(!installed)(
  'the port in the guide rejects a datetime without a time zone, in any time zone',
  () => {
    const script = `${port}\nprint(table("production", "Visits", "daily", datetime(2026, 11, 21, 20)))`;
    for (const TZ of ['America/New_York', 'UTC']) {
      const { stdout, stderr } = python(script, '', { TZ });
      expect([stdout, stderr.trim().split('\n').at(-1)]).toEqual([
        '',
        'ValueError: 2026-11-21 20:00:00 has no time zone. For UTC, set tzinfo=timezone.utc',
      ]);
    }
  },
);
