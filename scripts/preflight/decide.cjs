/** What a deployment does about the state table and about reserved executions, from what AWS says. No I/O. */

const STATE_TABLE = 'StateTable';

/**
 * AWS keeps this many executions of an account unreserved, and a smaller quota whole
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html).
 */
const UNRESERVED_AT_LEAST = 100;

/**
 * A table that exists outside the stack stays there: `turntable init`, an earlier stack, or a deployment that failed created it. The
 * stack retains its table in any case, so leaving it out deletes nothing.
 */
function stateTable(table, { tableExists, tableOwned }) {
  if (tableExists === undefined)
    return {
      notice: `Could not read whether ${table} exists. If it does, and the stack did not create it, the deployment fails.`,
    };
  if (tableExists && !tableOwned)
    return {
      leaveOut: true,
      notice: `The state table ${table} exists outside the stack. The deployment uses it and does not change it.`,
    };
  if (tableExists) return { notice: `The state table ${table} belongs to the stack.` };
  if (!tableOwned) return { notice: `The state table ${table} does not exist. The deployment creates it.` };
  const stage = table.split('.')[0];
  return {
    problem: `The state table ${table} was deleted, but the stack contains it, so CloudFormation would not create it again. Run \`turntable init --env ${stage}\` and deploy again.`,
  };
}

/** Whether the account can reserve one execution for each function that has none yet. */
function reservation(reserving, { quota, unreserved, reserved = [] }, stage) {
  const missing = reserving.filter((name) => !reserved.includes(name)).length;
  if (missing === 0) return { notice: 'The deployment reserves no further Lambda executions.' };
  const wanted = `reserves ${missing} Lambda execution${missing === 1 ? '' : 's'}`;
  if (quota === undefined)
    return { notice: `The deployment ${wanted}. Could not read the quota of the account.` };
  const most = Math.max(unreserved - UNRESERVED_AT_LEAST, 0);
  if (missing <= most) return { notice: `The deployment ${wanted}, and the account allows ${most}.` };
  return {
    problem: `The deployment ${wanted}, but the account allows ${most}: its quota is ${quota}, ${unreserved} are unreserved, and AWS keeps ${UNRESERVED_AT_LEAST} of them. Set "ReservedConcurrency" to false for ${stage} in config/deployment.json, or request a higher quota.`,
  };
}

/** The template without the state table, and without the dependencies on it. */
function withoutStateTable({ Resources, ...template }) {
  const { [STATE_TABLE]: _, ...others } = Resources;
  const kept = Object.entries(others).map(([id, { DependsOn, ...resource }]) => {
    const dependencies = [DependsOn ?? []].flat().filter((one) => one !== STATE_TABLE);
    return [id, dependencies.length > 0 ? { ...resource, DependsOn: dependencies } : resource];
  });
  return { ...template, Resources: Object.fromEntries(kept) };
}

module.exports = { STATE_TABLE, reservation, stateTable, withoutStateTable };
