/** The region of the stack follows the rule of the commands. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/region.cjs');
const folder = mkdtempSync(join(tmpdir(), 'turntable-region-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'config'), '[default]\nregion = eu-west-3\n[profile ops]\nregion = eu-north-1\n');

/** What the script answers, as osls calls it with a command and its options. */
function regionOf(command: string, options: object, env: Record<string, string> = {}): string {
  const code = `require(${JSON.stringify(script)})({ options: ${JSON.stringify(options)} }).then(console.log, (e) => console.log(e.message))`;
  const files = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  };
  const settings = { PATH: process.env.PATH, ...files, ...env };
  return execFileSync(process.execPath, ['-e', code, command], { env: settings, encoding: 'utf8' }).trim();
}

describe('the region of a deployment', () => {
  it.each<[object, Record<string, string>, string]>([
    [{ region: 'us-west-2' }, { AWS_REGION: 'eu-west-1' }, 'us-west-2'],
    [{}, { AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
    [{}, {}, 'eu-west-3'],
    [{}, { AWS_PROFILE: 'ops' }, 'eu-north-1'],
    [{ 'aws-profile': 'ops' }, {}, 'eu-north-1'],
  ])('with options %j and %j is that of the commands', (options, env, region) => {
    expect(regionOf('deploy', options, env)).toBe(region);
  });

  it('must be set, but not to package', () => {
    const none = { AWS_CONFIG_FILE: join(folder, 'none') };
    expect(regionOf('deploy', {}, none)).toMatch(/^No AWS region is set\./);
    expect(regionOf('package', {}, none)).toBe('us-east-1');
  });
});
