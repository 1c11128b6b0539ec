import { stateTableName } from '../../calendar/naming.ts';
import { sayUnlisted } from '../../rotating/environment.ts';
import type { Config, Spec } from '../../spec.ts';
import { checkWith, type Situation } from '../check.ts';

export const stateTable = checkWith(
  'a state table that is missing, unusable or not protected',
  ['stateTable'],
  ({ stateTable: state }, situation) => {
    const { config } = situation;
    const { environment } = config;
    const name = stateTableName(environment);
    if (!state && hasOnlyReplicas(situation))
      return [
        {
          severity: 'note',
          message: `The state table ${name} does not exist in this Region, which has only replicas.`,
          cure: 'Nothing. Jobs run in the Region of the tables, with the state table there.',
        },
      ];
    if (!state)
      return [
        {
          severity: 'severe',
          message: `The state table ${name} does not exist, so no job gets a lease, and nothing is purged.${config.unlisted ? ` ${sayUnlisted(config)}` : ''}`,
          cure: cureOf(config),
        },
      ];
    if (state.status !== 'ACTIVE' && state.status !== 'UPDATING')
      return [
        {
          severity: 'severe',
          message: `The state table ${name} is ${state.status}.`,
          cure: 'Wait until it is ACTIVE. If that takes more than minutes, ask AWS Support.',
        },
      ];
    if (state.deletionProtected) return [];
    return [
      {
        severity: 'warning',
        message: `The state table ${name} has no deletion protection. Without it, all leases, suspensions and scheduled deletions can be lost.`,
        cure: `Run \`aws dynamodb update-table --table-name ${name} --deletion-protection-enabled\`.`,
      },
    ];
  },
);

/** Whether every group has its tables in another Region. A stack or a state table here would be a mistake. */
function hasOnlyReplicas({ asked: { fleet }, config: { specs } }: Situation): boolean {
  if (!fleet || !('value' in fleet)) return false;
  const { holds } = fleet.value;
  const isReplicated = ({ name }: Spec): boolean =>
    holds.some(({ group, kind, reason }) => group === name && kind === 'use' && reason === 'is-replica');
  return specs.length > 0 && specs.every(isReplicated);
}

/** How to get a state table. If the name is probably mistyped, nothing should be created for it. */
function cureOf({ environment, unlisted }: Config): string {
  if (unlisted?.similarTo !== undefined)
    return `Use --env ${unlisted.similarTo}. If ${environment} is correct, add it to Environments in settings.json.`;
  const deploy = unlisted ? 'Check the name of the environment. If it is correct, deploy' : 'Deploy';
  return `${deploy} the stack. Without a deployment, run \`turntable init --env ${environment}\`.`;
}
