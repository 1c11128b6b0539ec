import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addressOf } from '../../src/cli/daemon/listen-option.ts';
import { prometheusName } from '../../src/cli/daemon/prometheus.ts';
import { program } from '../../src/cli/program.ts';
import { metricNames } from '../../src/core/metrics/catalog.ts';

const root = join(import.meta.dirname, '../..');
const example = (file: string) => readFileSync(join(root, 'examples/daemon', file), 'utf8');
const unit = example('turntable.service');
const PROGRAM = '/usr/bin/turntable';

/** The options of `turntable daemon`. */
const options = program()
  .commands.find((command) => command.name() === 'daemon')!
  .options.map(({ long }) => long);

const [, startLine = ''] = /^ExecStart=(.+)$/m.exec(unit) ?? [];
const [, entry = '[]'] = /^ENTRYPOINT (.+)$/m.exec(example('Dockerfile')) ?? [];

it.each([
  ['the systemd unit', startLine.split(' ').slice(1), '127.0.0.1'],
  ['the Dockerfile', (JSON.parse(entry) as string[]).slice(1), '0.0.0.0'],
])('starts the daemon with options that exist: %s', (_, [command, ...args], host) => {
  expect(command).toBe('daemon');
  expect(options).toEqual(expect.arrayContaining(args.filter((arg) => arg.startsWith('--'))));
  expect(addressOf(args[args.indexOf('--listen') + 1]!)).toEqual({ host, port: 9464 });
});

const systemd = spawnSync('systemd-analyze', ['--version']);

it.skipIf(systemd.status !== 0)('has a unit that systemd-analyze accepts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-unit-'));
  const path = join(folder, 'turntable.service');
  // The program is not installed here.
  writeFileSync(path, unit.replace(PROGRAM, process.execPath));
  const { status, stderr, stdout } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('turntable'));
  expect({ status, about }).toEqual({ status: 0, about: [] });
});

it('has alerting rules on metrics that exist, each with a runbook', () => {
  const rules = example('alerts.yml');
  const names = new Set(metricNames.map(prometheusName));
  const used = [...rules.matchAll(/turntable_[a-z_]+/g)].map(([name]) => name);
  expect(used.filter((name) => !names.has(name))).toEqual([]);
  const alerts = [...rules.matchAll(/alert: (\w+)/g)].map(([, name]) => name);
  expect(alerts.length).toBeGreaterThan(5);
  const runbooks = readFileSync(join(root, 'docs/runbooks.md'), 'utf8');
  for (const alert of alerts) expect(runbooks).toContain(`\n## ${alert}\n`);
});
