import { stateTableName } from '../../calendar/naming.ts';
import { sayUnlisted } from '../../rotating/environment.ts';
import type { Config } from '../../spec.ts';
import { checkWith } from '../check.ts';

export const stateTable = checkWith(
  'a state table that is missing, unusable or not protected',
  ['stateTable'],
  ({ stateTable: state }, { config }) => {
    const { environment } = config;
    const name = stateTableName(environment);
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

/** How to get a state table. If the name is probably mistyped, nothing should be created for it. */
function cureOf({ environment, unlisted }: Config): string {
  if (unlisted?.similarTo !== undefined)
    return `Use --env ${unlisted.similarTo}. If ${environment} is correct, add it to Environments in settings.json.`;
  const deploy = unlisted ? 'Check the name of the environment. If it is correct, deploy' : 'Deploy';
  return `${deploy} the stack. Without a deployment, run \`turntable init --env ${environment}\`.`;
}
