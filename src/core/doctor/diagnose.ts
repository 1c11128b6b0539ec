/** What is wrong with an environment, by what was asked. */
import { type QuestionName, questions } from './answers.ts';
import type { Check, Situation } from './check.ts';
import { abac } from './checks/abac.ts';
import { alarms } from './checks/alarms.ts';
import { autoScaling } from './checks/auto-scaling.ts';
import { clock, faultOf } from './checks/clock.ts';
import { endpoints } from './checks/endpoints.ts';
import { functionSize } from './checks/function-size.ts';
import { leases } from './checks/leases.ts';
import { permissions } from './checks/permissions.ts';
import { quotas } from './checks/quotas.ts';
import { retention } from './checks/retention.ts';
import { runs } from './checks/runs.ts';
import { schema } from './checks/schema.ts';
import { stateTable } from './checks/state-table.ts';
import { suspensions } from './checks/suspensions.ts';
import { tables } from './checks/tables.ts';
import { throughput } from './checks/throughput.ts';
import { unmanaged } from './checks/unmanaged.ts';
import {
  type CheckName,
  checkNames,
  type Diagnosis,
  type Finding,
  type Skipped,
  severities,
} from './finding.ts';

/** Every check. A new name does not compile until it has one. */
export const checks: Readonly<Record<CheckName, Check>> = {
  permissions,
  endpoints,
  clock,
  abac,
  'state-table': stateTable,
  tables,
  runs,
  leases,
  suspensions,
  quotas,
  'auto-scaling': autoScaling,
  schema,
  unmanaged,
  retention,
  throughput,
  alarms,
  'function-size': functionSize,
};

/** Whether what a check finds depends on the time. With a wrong clock, it would be wrong too. */
const dependsOnTime: Readonly<Record<CheckName, boolean>> = {
  permissions: false,
  endpoints: false,
  clock: false,
  abac: false,
  'state-table': false,
  tables: true,
  runs: true,
  leases: true,
  suspensions: true,
  quotas: true,
  'auto-scaling': false,
  schema: true,
  unmanaged: false,
  retention: true,
  throughput: true,
  alarms: false,
  'function-size': false,
};

/** All findings, the most severe first. With `shown`, only those about these groups, and about no group. */
export function diagnose(situation: Situation, shown?: readonly string[]): Diagnosis {
  const findings: Finding[] = [];
  const skipped: Skipped[] = [];
  for (const check of checkNames) {
    const result = isBlind(check, situation)
      ? { skipped: "This machine's clock is wrong." }
      : resultOf(checks[check], situation);
    if ('skipped' in result) skipped.push({ check, reason: result.skipped });
    else for (const said of result) findings.push({ check, ...said });
  }
  const isShown = ({ group }: Finding): boolean => group === undefined || (shown?.includes(group) ?? true);
  const rank = ({ severity }: Finding): number => severities.indexOf(severity);
  return { findings: findings.filter(isShown).sort((a, b) => rank(a) - rank(b)), skipped };
}

const isBlind = (check: CheckName, situation: Situation): boolean =>
  dependsOnTime[check] && faultOf(situation)?.certain === true;

function resultOf({ needs, find }: Check, situation: Situation): ReturnType<Check['find']> {
  const missing = needs.filter((name) => !('value' in (situation.asked[name] ?? {})));
  return missing.length > 0
    ? { skipped: `Could not read ${missing.map(nameOf).join(', ')}.` }
    : find(situation);
}

const nameOf = (name: QuestionName): string => questions[name].action ?? `the ${name}`;
