import { describe, expect, it } from 'vitest';
import { withGivenOptions } from '../../src/cli/given.ts';
import { sayResume } from '../../src/cli/views/suspensions.ts';
import { adoptCommand, confirmCommand } from '../../src/core/commands.ts';

const group = { name: 'Events', environment: 'dev' };

describe('A command in a message', () => {
  it.each([
    [`If that is correct, run ${confirmCommand(group)}. Then wait.`],
    [`To manage it, run ${adoptCommand(group)}.`],
    [sayResume('purging', 'dev')],
    ['To cancel: turntable cancel-deletion dev.Events.20261121 dev.Events.20261122 --env dev'],
    ['Run `turntable init --env dev`.'],
    ['Run `turntable rotate`, or turntable confirm Events --env dev --retype Events'],
  ])('repeats the folder that the user gave: %s', (message) => {
    expect(withGivenOptions(message, { config: 'my config' })).toBe(
      message.replace(/ --env dev/, " --env dev --config 'my config'"),
    );
    expect(withGivenOptions(message, {})).toBe(message);
  });

  it('repeats the region and the profile, because the next command would act elsewhere without them', () => {
    expect(withGivenOptions(sayResume('purging', 'dev'), { region: 'eu-west-1', profile: 'my ops' })).toBe(
      "To resume: turntable resume purging --env dev --region eu-west-1 --profile 'my ops'",
    );
  });

  it('repeats it in each command of a text', () => {
    const text = `${confirmCommand(group)}\n${adoptCommand(group)}`;
    expect(withGivenOptions(text, { config: 'ops$&' })).toBe(
      "turntable confirm Events --env dev --config 'ops$&'\nturntable adopt Events --env dev --config 'ops$&'",
    );
  });

  it.each([
    'The plan is for environment dev, but --env is prod.',
    'Review a new `turntable plan`. --env dev',
  ])('leaves what is not a command with an environment: %s', (message) =>
    expect(withGivenOptions(message, { config: 'ops' })).toBe(message),
  );
});
