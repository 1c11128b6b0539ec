/** An environment is torn down: what purge deletes, when, and everything that it must not delete. Over days, with the whole account. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  done,
  held,
  type Json,
  openStage,
  ownTags,
  provisionedSpec,
  type Run,
  type Stage,
  spec,
  tables,
} from './stage.ts';

const ENV = 'feature-x';
const events = (...dates: readonly string[]) => tables(`${ENV}.Events`, ...dates);
/** Daily, retaining two: yesterday's, today's and tomorrow's table, and one that does not rotate. */
const ALL = [...events('20251120', '20251121', '20251122'), `${ENV}.Flags`];
const SPECS = [spec(), spec('Flags', { RotationScheme: 'none', PurgeRotation: -1 })];
/** The tables of another environment, which no teardown of this one may touch. */
const OTHER = 'feature-x2.Events.20251121';

let stage: Stage;
const client = () => new DynamoDBClient({});

beforeEach(async () => {
  stage = await openStage(ENV);
  onTestFinished(() => stage.close());
  stage.configure(SPECS, {});
  await stage.past(async () => {
    await stage.live('2025-11-20', '2025-11-21');
    await stage.make(OTHER, ownTags('feature-x2', 'Events', 'daily', '2025-11-21'));
  });
  expect(await stage.names()).toEqual([...ALL, OTHER].sort());
});

const teardown = async (instant: string, ...more: readonly string[]) => {
  stage.at(instant);
  return stage.cli('teardown', '--env', ENV, ...more);
};
const close = async (instant = '2025-11-21T09:00') => {
  const printed = await teardown(instant, '--confirm', ENV);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  return printed.stdout;
};
const undo = async (instant: string) => {
  const printed = await teardown(instant, '--undo');
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  return printed.stdout;
};
const own = async () => (await stage.names()).filter((name) => name !== OTHER);
/** What purge did to each table, by the reason: `schedule-deletion closed feature-x.Flags`. */
const purged = ({ results }: Run) =>
  results.map(({ action, outcome }) => `${action.kind} ${action.reason} ${action.table} ${outcome}`).sort();
const reasons = ({ holds }: Run) => holds.map(({ reason, table }) => `${reason} ${table}`).sort();
const deletionsOf = (runs: readonly Run[]) =>
  runs.flatMap((run) => done(run)).filter((one) => one.startsWith('delete '));

test('Every table goes after the waiting period, the current and the last ones too, and nothing else', async () => {
  await close();
  expect(await own()).toEqual(ALL);
  const scheduling = await stage.run('purge', '2025-11-22T03:35');
  expect(scheduling.error).toBe('');
  // The retention of the oldest one has ended meanwhile.
  expect(purged(scheduling)).toEqual(
    ALL.map(
      (name) => `schedule-deletion ${name.endsWith('20') ? 'expired' : 'closed'} ${name} applied`,
    ).sort(),
  );
  // Twelve hours have not passed.
  const early = await stage.run('purge', '2025-11-22T15:34');
  expect(done(early)).toEqual([]);
  expect(reasons(early)).toEqual(ALL.map((name) => `waiting-period ${name}`).sort());
  expect(await own()).toEqual(ALL);
  const deleting = await stage.run('purge', '2025-11-23T03:35');
  expect(deleting.error).toBe('');
  expect(done(deleting)).toEqual(ALL.map((name) => `delete ${name} applied`).sort());
  expect(await stage.names()).toEqual([OTHER]);
  await stage.live('2025-11-24', '2025-11-30');
  expect(await stage.names()).toEqual([OTHER]);
});

test('Rotate creates nothing in a closed environment, says why, and neither rotate nor scale fails', async () => {
  await close();
  for (const instant of ['2025-11-21T09:05', '2025-11-22T00:05', '2025-11-24T03:35']) {
    const run = await stage.run('rotate', instant);
    expect([run.error, done(run).filter((one) => one.startsWith('create'))]).toEqual(['', []]);
  }
  const run = await stage.run('rotate', '2025-11-24T09:00');
  expect(reasons(run)).toEqual(events('20251124', '20251125').map((name) => `closed ${name}`));
  expect(held(run)[0]).toBe(
    `create ${ENV}.Events.20251124: The environment was closed at 2025-11-21 09:00 UTC by arn:aws:iam::000000000000:user/embedded. Rotate creates no tables in it. To open it again, run turntable teardown --undo --env ${ENV}.`,
  );
  for (let minute = 0; minute < 20; minute += 1)
    expect((await stage.run('scale', `2025-11-24T09:${String(minute + 10)}`)).error).toBe('');
  expect(await own()).toEqual(ALL);
});

test('Rotate does not protect again what purge is about to delete, and does not cancel it', async () => {
  await close();
  await stage.run('purge', '2025-11-22T03:35');
  for (const instant of ['2025-11-22T04:05', '2025-11-22T12:05', '2025-11-23T03:05'])
    expect(done(await stage.run('rotate', instant))).toEqual([]);
  expect(done(await stage.run('purge', '2025-11-23T03:35'))).toHaveLength(ALL.length);
});

describe('An undo', () => {
  test('before the waiting period ends keeps every table, and rotate creates the next ones', async () => {
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    expect(await undo('2025-11-22T15:00')).toBe(
      `The environment was closed at 2025-11-21 09:00 UTC by arn:aws:iam::000000000000:user/embedded.
${ENV} is open again. Rotate creates its missing tables in its next run.
${ALL.slice(1)
  .map((name) => `Deletion canceled: ${name}.`)
  .join('\n')}
Deletion still scheduled, because the retention has ended: ${ENV}.Events.20251120.
`,
    );
    const rotated = await stage.run('rotate', '2025-11-22T15:05');
    expect(done(rotated)).toContain(`create ${ENV}.Events.20251123 applied`);
    // The next table has a waiting period of its own.
    const runs = await stage.live('2025-11-23', '2025-11-24');
    expect(runs.map((run) => deletionsOf([run]))).toEqual([
      [],
      [`delete ${ENV}.Events.20251120 applied`],
      [],
      [`delete ${ENV}.Events.20251121 applied`],
    ]);
  });

  test('leaves a deletion alone that the retention had scheduled', async () => {
    await stage.live('2025-11-22', '2025-11-22');
    await close('2025-11-22T09:00');
    expect(await undo('2025-11-22T10:00')).toContain(
      `Deletion still scheduled, because the retention has ended: ${ENV}.Events.20251120.`,
    );
    await stage.run('rotate', '2025-11-23T03:05');
    expect(done(await stage.run('purge', '2025-11-23T03:35'))).toContain(
      `delete ${ENV}.Events.20251120 applied`,
    );
  });

  test('after some tables are gone keeps the others, and says how to restore those', async () => {
    stage.configure(SPECS, { Defaults: { Purge: { MaxPerRun: 2 } } });
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    await stage.run('purge', '2025-11-23T03:35');
    const left = await own();
    expect(left).toHaveLength(2);
    const gone = ALL.filter((name) => !left.includes(name));
    const printed = await undo('2025-11-23T09:00');
    expect(printed).toContain('2 tables are gone. To restore from a backup, if there is one:');
    for (const name of gone) {
      const [, period] = /Events\.(\d+)$/.exec(name) ?? [];
      if (period) expect(printed).toContain(`  turntable restore Events --period ${period} --env ${ENV}\n`);
    }
    await stage.run('rotate', '2025-11-23T09:05');
    await stage.live('2025-11-24', '2025-11-24');
    expect(await own()).toEqual(expect.arrayContaining(left.filter((name) => !name.endsWith('20251120'))));
  });

  test('counts although the rest of it fails, says so, and is in the history', async () => {
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    stage.at('2025-11-22T09:00');
    stage.aws.intercept = (operation) =>
      operation === 'ListTables' ? { type: 'AccessDeniedException', message: 'not authorized' } : undefined;
    const { code, stdout, stderr } = await teardown('2025-11-22T09:00', '--undo');
    stage.aws.intercept = undefined;
    expect([code, stdout]).toEqual([1, expect.stringContaining(`${ENV} is open again.`)]);
    expect(stderr).toMatch(
      /^Error: Could not cancel or list all scheduled deletions: .*\. Purge deletes no table because of the teardown any more, and rotate cancels the deletions\.\n$/,
    );
    expect((await stage.cli('history', '--env', ENV)).stdout).toContain(`Opened ${ENV} again.`);
    await stage.live('2025-11-23', '2025-11-23');
    expect(await own()).toEqual(expect.arrayContaining(ALL.slice(1)));
  });

  test('of an environment that is not closed changes nothing', async () => {
    expect(await undo('2025-11-21T09:00')).toBe(
      `The environment ${ENV} is not closed. Nothing was changed.\n`,
    );
  });

  test('works with an invalid configuration', async () => {
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    stage.configure('[');
    expect(await undo('2025-11-22T09:00')).toContain(`Deletion canceled: ${ENV}.Flags.`);
  });

  test('and a second teardown start a new waiting period', async () => {
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    await undo('2025-11-22T10:00');
    await close('2025-11-22T10:05');
    const [old, ...others] = ALL;
    // The retention of the oldest table had ended, so its deletion was not canceled.
    expect(deletionsOf([await stage.run('purge', '2025-11-22T16:00')])).toEqual([`delete ${old} applied`]);
    expect(deletionsOf([await stage.run('purge', '2025-11-23T03:35')])).toEqual([]);
    expect(await own()).toEqual(others);
  });
});

describe('No table goes that was not in the plan', () => {
  test('because it was created after it', async () => {
    await close();
    const late = `${ENV}.Events.20251123`;
    await stage.make(late, ownTags(ENV, 'Events', 'daily', '2025-11-23'));
    const run = await stage.run('purge', '2025-11-22T03:35');
    expect(held(run)).toEqual([
      `delete ${late}: Deletion held: the environment was closed at 2025-11-21 09:00 UTC, but the table was not in the plan that was confirmed. To delete the table too, run turntable teardown --env ${ENV}.`,
    ]);
    await stage.live('2025-11-23', '2025-12-05');
    expect(await own()).toEqual([late]);
  });

  test('because it was created again with the same name', async () => {
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    await stage.drop(`${ENV}.Flags`);
    await stage.make(`${ENV}.Flags`, {
      ...ownTags(ENV, 'Flags', 'none', '2025-11-20'),
      'turntable:period': 'none',
    });
    await stage.live('2025-11-23', '2025-12-05');
    expect(await own()).toEqual([`${ENV}.Flags`]);
  });

  test('because it was adopted after it', async () => {
    const foreign = `${ENV}.Events.20251119`;
    await stage.make(foreign);
    expect(await close()).toContain(`1 table of these groups stays:\n  ${foreign}: The table has no tag`);
    stage.at('2025-11-21T09:30');
    expect(await stage.cli('adopt', 'Events', '--all', '--yes', '--env', ENV)).toMatchObject({ code: 0 });
    await stage.live('2025-11-22', '2025-11-30');
    expect(await own()).toEqual([foreign]);
  });

  test('until a person confirms a plan with it, and then after a waiting period of its own', async () => {
    await close();
    const late = `${ENV}.Events.20251123`;
    await stage.make(late, ownTags(ENV, 'Events', 'daily', '2025-11-23'));
    await stage.live('2025-11-22', '2025-11-23');
    expect(await own()).toEqual([late]);
    const printed = await teardown('2025-11-23T09:00', '--confirm', ENV);
    expect(printed.stdout.replaceAll('\n', ' ')).toContain(`Its plan did not have 1 table: ${late}.`);
    expect(purged(await stage.run('purge', '2025-11-24T03:35'))).toEqual([
      `schedule-deletion closed ${late} applied`,
    ]);
    expect(done(await stage.run('purge', '2025-11-24T15:34'))).toEqual([]);
    expect(done(await stage.run('purge', '2025-11-24T15:35'))).toEqual([`delete ${late} applied`]);
  });
});

/** Lets a closed environment live for days, and returns the tables that are left. */
const afterDays = async (settings: Json = {}): Promise<string[]> => {
  await close();
  stage.configure(SPECS, settings);
  await stage.live('2025-11-22', '2025-11-30');
  return own();
};

describe('Every other guard stays:', () => {
  test('a table with the tag turntable:keep', async () => {
    await stage.drop(`${ENV}.Flags`);
    await stage.make(`${ENV}.Flags`, {
      ...ownTags(ENV, 'Flags', 'none', '2025-11-20'),
      'turntable:period': 'none',
      'turntable:keep': 'yes',
    });
    expect(await afterDays()).toEqual([`${ENV}.Flags`]);
  });

  test('purging that is disabled', async () => {
    expect(await afterDays({ Defaults: { Purge: { Enabled: false } } })).toEqual(ALL);
  });

  test('purging that is suspended', async () => {
    await close();
    await stage.cli('suspend', 'purging', '--env', ENV);
    await stage.live('2025-11-22', '2025-11-30');
    expect(await own()).toEqual(ALL);
  });

  test('a maintenance window', async () => {
    expect(await afterDays({ Defaults: { Maintenance: [{ From: '03:00', To: '04:00' }] } })).toEqual(ALL);
  });

  test('traffic since the environment was closed', async () => {
    await close();
    for (let day = 21; day <= 30; day += 1)
      stage.aws.recordMetric({
        metric: 'ConsumedReadCapacityUnits',
        table: `${ENV}.Flags`,
        minute: Date.parse(`2025-11-${day}T12:00:00Z`),
        sum: 60,
      });
    const runs = await stage.live('2025-11-22', '2025-11-30');
    expect(await own()).toEqual([`${ENV}.Flags`]);
    expect(runs.flatMap(held).find((one) => one.includes('Flags'))).toContain(
      'The table has been due since 2025-11-21 09:00 UTC, but is still in use',
    );
  });

  test('deletion protection of a table whose spec turns it off', async () => {
    const off = { ...provisionedSpec('Flags', { RotationScheme: 'none', PurgeRotation: -1 }) };
    const properties = (SPECS[1] as { Properties: Json }).Properties;
    await close();
    stage.configure([SPECS[0], { ...off, Properties: { ...properties, DeletionProtectionEnabled: false } }]);
    await stage.live('2025-11-22', '2025-11-30');
    expect(await own()).toEqual([`${ENV}.Flags`]);
  });

  test('a spec that was removed', async () => {
    await close();
    stage.configure([SPECS[0]]);
    await stage.live('2025-11-22', '2025-11-30');
    expect(await own()).toEqual([`${ENV}.Flags`]);
  });

  test('the final backup', async () => {
    stage.configure(SPECS, { Defaults: { Purge: { FinalBackup: true } } });
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    expect(done(await stage.run('purge', '2025-11-23T03:35'))).toEqual(
      ALL.map((name) => `back-up ${name} applied`).sort(),
    );
    expect(done(await stage.run('purge', '2025-11-24T03:35'))).toEqual(
      ALL.map((name) => `delete ${name} applied`).sort(),
    );
  });

  test('the caps, so that a teardown takes several waiting periods', async () => {
    stage.configure(SPECS, { Defaults: { Purge: { MaxPerRun: 1 } } });
    const printed = await close();
    expect(printed).toContain('Purge schedules the deletions in 4 waiting periods');
    const counts: number[] = [];
    for (let day = 22; day <= 26; day += 1) {
      const [, purge] = await stage.live(`2025-11-${day}`, `2025-11-${day}`);
      counts.push(deletionsOf([purge!]).length);
    }
    expect(counts).toEqual([0, 1, 1, 1, 1]);
    expect(await own()).toEqual([]);
  });

  test('a notice before a deletion is scheduled', async () => {
    const topic = stage.aws.createTopic('Alarms');
    vi.stubEnv('TURNTABLE_TOPIC_ARN', topic);
    await close();
    stage.aws.intercept = (operation) =>
      operation === 'Publish' ? { type: 'InternalError', message: 'no', status: 500 } : undefined;
    const refused = await stage.run('purge', '2025-11-22T03:35');
    expect(refused.error).toContain('The notice could not be sent, so the deletion is not scheduled');
    stage.aws.intercept = () => undefined;
    await stage.run('purge', '2025-11-22T04:35');
    const texts = stage.aws.published.map((one) => JSON.stringify(one)).join('\n');
    expect(texts).toContain(`To open the environment again: turntable teardown --undo --env ${ENV}`);
    for (const name of ALL) expect(texts).toContain(name);
  });
});

describe('An environment that the settings protect', () => {
  test.each([
    ['by its name', 'production', {}],
    ['by its name with a number', 'eu-prod2', {}],
    ['by its entry', 'staging', { Environments: { staging: { Protected: true } } }],
    ['by the defaults', 'staging', { Defaults: { Protected: true } }],
  ])('is refused: %s', async (_, environment, settings) => {
    stage.configure(SPECS, settings);
    const before = stage.aws.calls.size;
    const { code, stderr } = await stage.cli('teardown', '--env', environment, '--confirm', environment);
    expect(code).toBe(2);
    expect(stderr).toContain(`The environment ${environment} is protected, so no command tears it down.`);
    expect(stage.aws.calls.size).toBe(before);
  });

  test('is refused if its settings are invalid', async () => {
    stage.configure(SPECS, '{ "Environments": [');
    expect(await teardown('2025-11-21T09:00', '--confirm', ENV)).toMatchObject({ code: 2 });
    stage.configure(SPECS, {});
    await stage.live('2025-11-22', '2025-11-23');
    expect(await own()).toEqual(expect.arrayContaining(events('20251122', '20251123')));
  });

  test('after it was closed, loses nothing more, and gets its tables again', async () => {
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    stage.configure(SPECS, { Environments: { [ENV]: { Protected: true } } });
    const [rotated, purging] = await stage.live('2025-11-23', '2025-11-23');
    expect(done(rotated!)).toEqual(
      expect.arrayContaining([
        `create ${ENV}.Events.20251123 applied`,
        `cancel-deletion ${ENV}.Flags applied`,
      ]),
    );
    // What is due by its retention has a waiting period from then on.
    expect(deletionsOf([purging!])).toEqual([`delete ${ENV}.Events.20251120 applied`]);
    await stage.live('2025-11-24', '2025-11-30');
    expect(await own()).toEqual([...events('20251128', '20251129', '20251130', '20251201'), `${ENV}.Flags`]);
  });
});

describe('A mark that cannot be trusted deletes nothing, and rotate creates:', () => {
  const replace = async (attributes: Readonly<Record<string, { S?: string; N?: string }>>, id = ENV) => {
    const Item = { Kind: { S: 'closing' }, Id: { S: id }, ...attributes } as never;
    await client().send(new PutItemCommand({ TableName: `${ENV}.turntable`, Item }));
  };
  const later = async (): Promise<string[]> => {
    const runs = await stage.live('2025-11-22', '2025-11-22');
    expect(deletionsOf(runs)).toEqual([]);
    expect(runs.flatMap(purged).filter((one) => one.includes(' closed '))).toEqual([]);
    return own();
  };

  test('of a newer version', async () => {
    await close();
    await replace({ Format: { N: '2' } });
    expect(await later()).toEqual([...ALL, `${ENV}.Events.20251123`].sort());
  });

  test('without valid times', async () => {
    await close();
    await replace({ Since: { N: '-9e99' } });
    expect(await later()).toEqual([...ALL, `${ENV}.Events.20251123`].sort());
    expect(await undo('2025-11-22T09:00')).toContain(
      'The record of the teardown was invalid, and is removed.',
    );
  });

  test('that is gone with the state table', async () => {
    await close();
    await stage.run('purge', '2025-11-22T03:35');
    await stage.cli('teardown', '--undo', '--env', ENV);
    expect(await later()).toEqual([...ALL, `${ENV}.Events.20251123`].sort());
  });

  test('that cannot be read', async () => {
    await close();
    stage.aws.intercept = (operation, input) =>
      operation === 'Query' && JSON.stringify(input).includes('"closing"')
        ? { type: 'AccessDeniedException', message: 'not authorized' }
        : undefined;
    expect(await later()).toEqual([...ALL, `${ENV}.Events.20251123`].sort());
  });

  test('from the future', async () => {
    await close();
    await replace({ Since: { N: String(Date.parse('2026-11-21')) }, Tables: { M: {} } as never });
    expect(await later()).toEqual([...ALL, `${ENV}.Events.20251123`].sort());
  });
});

test('A plan for a time before the teardown does nothing because of it', async () => {
  await close('2025-11-22T09:00');
  const { stdout } = await stage.cli('plan', '--json', '--env', ENV, '--at', '2025-11-22T08:00:00Z');
  const { actions } = JSON.parse(stdout) as { actions: { kind: string; reason: string }[] };
  expect(actions.filter(({ reason }) => reason === 'closed')).toEqual([]);
});

test('A late run of rotate, for a time before the teardown, creates nothing', async () => {
  await close('2025-11-22T00:10');
  stage.at('2025-11-22T00:12');
  const run = await stage.send('rotate', { time: '2025-11-22T00:05:00Z' });
  expect([run.error, done(run), reasons(run)]).toEqual(['', [], [`closed ${ENV}.Events.20251123`]]);
});

test('A group whose scheme changed keeps its tables, and purge says why for each that a person has confirmed', async () => {
  stage.configure([spec(), spec('Weeks', { RotationScheme: 'weekly' })], {});
  await stage.run('rotate', '2025-11-21T04:35');
  await close();
  stage.configure([spec(), spec('Weeks')], {});
  const purging = await stage.run('purge', '2025-11-22T03:35');
  expect(reasons(purging).filter((one) => one.includes('Weeks'))).toEqual(
    tables(`${ENV}.Weeks`, '20251117', '20251124').map((name) => `scheme-changed ${name}`),
  );
  await stage.live('2025-11-23', '2025-11-26');
  expect(await own()).toEqual(expect.arrayContaining(tables(`${ENV}.Weeks`, '20251117', '20251124')));
});

describe('plan and status say in their headings that the environment is closed', () => {
  const CLOSED = `The environment was closed at 2025-11-21 09:00 UTC by arn:aws:iam::000000000000:user/embedded. Rotate creates no tables, and purge deletes the tables of the teardown. To undo: turntable teardown --undo --env ${ENV}`;
  const PLACE = `${ENV} (us-east-1, account 000000000000), which is closed`;
  const said = async (...args: readonly string[]) => {
    const { code, stdout } = await stage.cli(args[0]!, ...args.slice(1), '--env', ENV);
    expect(code).toBe(0);
    return stdout;
  };
  const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

  test('with its tables, and after they are gone', async () => {
    await close();
    for (const instant of ['2025-11-21T10:00', '2025-11-23T03:35']) {
      if (instant > '2025-11-22') await stage.live('2025-11-22', '2025-11-23');
      stage.at(instant);
      for (const command of ['plan', 'status']) {
        const text = flat(await said(command));
        expect(text).toContain(PLACE);
        expect(text).toContain(`! ${CLOSED}`);
        expect(text).not.toContain('match the configuration');
      }
      const markdown = await said('plan', '--markdown');
      expect(markdown).toContain(`### Turntable plan of ${PLACE}`);
      expect(markdown.replaceAll('<!-- -->', '')).toContain(`> [!IMPORTANT]\n> ${CLOSED}`);
    }
    expect(await stage.names()).toEqual([OTHER]);
  });

  test('as JSON', async () => {
    const by = 'arn:aws:iam::000000000000:user/embedded';
    expect(JSON.parse(await said('plan', '--json'))).not.toHaveProperty('closed');
    expect(JSON.parse(await said('status', '--json'))).toMatchObject({ closed: null, closedUnread: null });
    await close();
    for (const command of ['plan', 'status']) {
      const { closed } = JSON.parse(await said(command, '--json')) as { closed: { since: string } };
      expect(closed).toEqual({ since: expect.stringMatching(/^2025-11-21T09:00:00/), by });
    }
  });

  test('or that this could not be read', async () => {
    await close();
    const Item = { Kind: { S: 'closing' }, Id: { S: ENV }, Since: { N: '-9e99' }, Tables: { M: {} } };
    await client().send(new PutItemCommand({ TableName: `${ENV}.turntable`, Item }));
    for (const command of ['plan', 'status']) {
      const text = flat(await said(command));
      expect(text).not.toContain('which is closed');
      expect(text).toContain(
        '! Could not read whether the environment is closed: The record that the environment is closed is invalid, so it does not count.',
      );
      expect(JSON.parse(await said(command, '--json'))).toMatchObject({
        closedUnread: expect.stringContaining('is invalid'),
      });
    }
  });
});

test('A plan file from before the teardown creates nothing', async () => {
  const file = `${stage.folder}/plan.json`;
  stage.at('2025-11-22T00:10');
  expect((await stage.cli('plan', '--out', file, '--env', ENV)).stdout).toContain('1 to create');
  await close('2025-11-22T00:20');
  stage.at('2025-11-22T00:25');
  const { code, stderr } = await stage.cli('apply', file, '--yes', '--env', ENV);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`create ${ENV}.Events.20251123: no longer planned.`),
  ]);
  expect(await own()).toEqual(ALL);
});

describe('The command', () => {
  test('says how many tables wait for something else, so that the teardown takes longer', async () => {
    stage.configure(SPECS, { Defaults: { Purge: { Enabled: false } } });
    const stdout = (await close()).replaceAll('\n', ' ');
    expect(stdout).toContain(
      '4 of 4 tables wait for the reasons above, so the teardown takes longer than this: Purge schedules',
    );
    expect(stdout).toContain(
      `Closed. Rotate creates no tables in ${ENV}. 4 tables wait for the reasons above. To undo:`,
    );
    await undo('2025-11-21T10:00');
    stage.configure(SPECS, { Defaults: { Tables: { Flags: { Purge: { Enabled: false } } } } });
    expect((await close('2025-11-21T11:00')).replaceAll('\n', ' ')).toContain(
      `Closed. Rotate creates no tables in ${ENV}, and purge schedules the deletions of 3 tables in its next run. 1 table waits for the reasons above. To undo:`,
    );
  });

  test('says, after all tables are gone, that the environment is closed and how to use it again', async () => {
    await close();
    await stage.live('2025-11-22', '2025-11-23');
    const { code, stdout } = await teardown('2025-11-24T09:00', '--confirm', ENV);
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toContain(
      `The tables of its plan are gone, and rotate creates none. To use the environment again: turntable teardown --undo --env ${ENV}`,
    );
    await undo('2025-11-24T09:01');
    const rotated = await stage.run('rotate', '2025-11-24T09:05');
    expect(done(rotated).filter((one) => one.startsWith('create '))).toHaveLength(3);
  });

  test('closes an environment in which nothing is to be deleted, so that rotate creates nothing', async () => {
    stage.configure([spec('Others')], {});
    await stage.make(`${ENV}.Others.20251120`);
    const { code, stdout } = await teardown('2025-11-21T09:00', '--confirm', ENV);
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toContain(
      'No table is deleted. Once the environment is closed, rotate creates no tables in it.',
    );
    expect(stdout).toContain(`\nClosed. Rotate creates no tables in ${ENV}.\n`);
    expect(done(await stage.run('rotate', '2025-11-21T09:05'))).toEqual([]);
  });

  test('shows what would go, what stays and how long it takes, and changes nothing without a confirmation', async () => {
    await stage.make(`${ENV}.Other`);
    const { code, stdout } = await teardown('2025-11-21T09:00');
    expect([code, stdout]).toEqual([
      0,
      `${ENV} (us-east-1, account 000000000000), as of 2025-11-21 09:00 UTC: the
teardown deletes 4 tables, 0 B, USD 0.00 per month.

feature-x.Events: 3 tables
  PERIOD    PHASE     CREATED               ITEMS  SIZE  USD/MONTH
  20251120  outdated  2025-11-20 03:35 UTC      0   0 B       0.00
  20251121  active    2025-11-20 03:35 UTC      0   0 B       0.00
  20251122  upcoming  2025-11-21 03:35 UTC      0   0 B       0.00

feature-x.Flags: 1 table
  PERIOD  PHASE   CREATED               ITEMS  SIZE  USD/MONTH
  -       active  2025-11-20 03:35 UTC      0   0 B       0.00

1 table that no spec matches: feature-x.Other. Turntable never changes such
tables.

Purge schedules the deletions in its next run. It deletes a table in its first
run after the waiting period of 12 hours. With one run per day, the last table
is deleted 1 day after the next run. Rotate creates no tables meanwhile. Only
two guards do not apply: that the current table exists, and that the last table
of a group stays. To keep a table, add the tag turntable:keep. The state table
feature-x.turntable stays.

Nothing was changed. To close the environment: turntable teardown --confirm feature-x --env feature-x
`,
    ]);
    expect(await own()).toEqual([...ALL, `${ENV}.Other`]);
    await stage.live('2025-11-22', '2025-11-22');
    expect(await own()).toContain(`${ENV}.Events.20251123`);
  });

  test('says which environments have tables if the name has none', async () => {
    const { code, stderr } = await stage.cli('teardown', '--env', 'featur-x');
    expect([code, stderr]).toEqual([
      2,
      `Error: No table of the environment "featur-x" exists. Environments with tables: ${ENV}, feature-x2. Did you mean "${ENV}"?\n`,
    ]);
  });

  test.each([
    [['--confirm', 'feature-y', '--env', ENV], `--confirm must be ${ENV}, the name of the environment.`],
    [['--undo', '--confirm', ENV, '--env', ENV], '--undo and --confirm exclude each other. Use one of them.'],
    [['--env', ENV, '--at', '2030-01-01'], 'teardown rejects a future time'],
  ])('rejects %j', async (args, message) => {
    const { code, stderr } = await stage.cli('teardown', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(await own()).toEqual(ALL);
  });

  test('the second time shows the first, and who set it', async () => {
    await close();
    const { code, stdout } = await teardown('2025-11-21T10:00', '--confirm', ENV);
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toContain(
      'The environment was closed at 2025-11-21 09:00 UTC by arn:aws:iam::000000000000:user/embedded. Its plan had all of these tables, so there is nothing to confirm.',
    );
  });

  test('is in the history with its caller, and so is the undo', async () => {
    await close();
    await undo('2025-11-21T10:00');
    const { stdout } = await stage.cli('history', '--json', '--env', ENV);
    const { entries } = JSON.parse(stdout) as {
      entries: { kind: string; command?: string; by?: string; message: string }[];
    };
    expect(
      entries
        .filter(({ kind }) => kind === 'command')
        .map(({ command, by, message }) => [command, by, message]),
    ).toEqual([
      [
        'teardown',
        'arn:aws:iam::000000000000:user/embedded',
        `Closed ${ENV}: purge deletes 4 tables after the waiting period.`,
      ],
      [
        'teardown',
        'arn:aws:iam::000000000000:user/embedded',
        `Opened ${ENV} again: canceled 0 scheduled deletions. Tables that are gone: 0.`,
      ],
    ]);
  });
});
