import type { AlarmState } from '../../facts.ts';
import { plural } from '../../text.ts';
import { checkWith } from '../check.ts';
import type { Said } from '../finding.ts';
import { OPTIONAL_ALARMS, STACK_ALARMS } from '../stack-alarms.ts';

export const alarms = checkWith(
  'alarms that are missing, silent or red',
  ['alarms'],
  ({ alarms: found }, { config, alarmPrefix, alarmKeys }) => {
    const idOf = (name: string): string => name.slice(alarmPrefix.length).split('-')[0] ?? '';
    const present = new Set(found.map(({ name }) => idOf(name)));
    const expected = [...STACK_ALARMS, ...alarmKeys.flatMap((key) => OPTIONAL_ALARMS[key])];
    const missing = expected.filter((id) => !present.has(id));
    const silent = found.filter(({ notifies }) => !notifies);
    const red = found.filter(({ state }) => state === 'ALARM').map(({ name }) => idOf(name));
    return [
      ...(missing.length === expected.length
        ? [allMissing(alarmPrefix, config.settings.protected)]
        : someMissing(missing)),
      ...silentSaid(silent, idOf),
      ...red.map(redSaid),
    ];
  },
);

/** Environments other than production often have no stack. */
const allMissing = (prefix: string, isProduction: boolean): Said => ({
  severity: isProduction ? 'warning' : 'note',
  message: `No alarm has a name that begins with ${prefix}. If a job stops or fails, only its log says so.`,
  cure: 'Deploy the stack, which has alarms. Without a stack, create alarms on the metrics of the daemon, as docs/operators.md says.',
});

function someMissing(missing: readonly string[]): Said[] {
  if (missing.length === 0) return [];
  return [
    {
      severity: 'warning',
      message: `${plural(missing.length, 'alarm')} of the stack ${missing.length === 1 ? 'does' : 'do'} not exist: ${missing.join(', ')}.`,
      cure: 'Deploy the stack again. If an alarm was deleted by hand, CloudFormation creates it only after a change of its definition.',
    },
  ];
}

function silentSaid(silent: readonly AlarmState[], idOf: (name: string) => string): Said[] {
  if (silent.length === 0) return [];
  return [
    {
      severity: 'warning',
      message: `${plural(silent.length, 'alarm')} ${silent.length === 1 ? 'notifies' : 'notify'} no topic, or ${silent.length === 1 ? 'its' : 'their'} actions are turned off: ${silent.map(({ name }) => idOf(name)).join(', ')}.`,
      cure: `Run \`aws cloudwatch enable-alarm-actions --alarm-names ${silent.map(({ name }) => name).join(' ')}\`. If an alarm has no action, deploy the stack again.`,
    },
  ];
}

const redSaid = (id: string): Said => ({
  severity: 'warning',
  message: `The alarm ${id} is in the state ALARM.`,
  cure: `Follow docs/runbooks.md#${id.toLowerCase()}.`,
});
