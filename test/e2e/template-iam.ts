import type { Template } from './template.ts';

/** The account and region that templates are resolved for. */
export const sample = { account: '123456789012', region: 'eu-west-1', partition: 'aws' } as const;

export type OneOrMany = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

/** An action on a resource, as IAM evaluates it. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys, such as `aws:ResourceTag/…`. */
  readonly context?: Readonly<Record<string, OneOrMany>>;
}

/** Resolves the intrinsic functions in a template value. The attribute of a resource becomes `<id>.<attribute>`. */
export function resolve(value: unknown, conditions: Conditions = {}): unknown {
  const inner = (part: unknown) => resolve(part, conditions);
  if (Array.isArray(value)) return value.map(inner).filter((part) => part !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name?.startsWith('Fn::')))
    return intrinsic(name, argument, conditions);
  const resolved = entries.map(([key, part]) => [key, inner(part)] as const);
  return Object.fromEntries(resolved.filter(([, part]) => part !== NO_VALUE));
}

type Conditions = NonNullable<Template['Conditions']>;

/** What `!Ref AWS::NoValue` leaves out of a list or an object. */
const NO_VALUE = Symbol('AWS::NoValue');

function intrinsic(name: string, argument: unknown, conditions: Conditions): unknown {
  if (name === 'Fn::If') {
    const [condition, then, otherwise] = argument as [string, unknown, unknown];
    return resolve(resolve(conditions[condition], conditions) ? then : otherwise, conditions);
  }
  const resolved = resolve(argument, conditions);
  if (name === 'Ref' && resolved === 'AWS::NoValue') return NO_VALUE;
  if (name === 'Fn::Equals') {
    const [left, right] = resolved as [unknown, unknown];
    return left === right;
  }
  if (name === 'Fn::Not') return !(resolved as unknown[])[0];
  if (name === 'Ref') return reference(String(resolved));
  if (name === 'Fn::GetAtt') return (resolved as string[]).join('.');
  if (name === 'Fn::Sub' && typeof resolved === 'string')
    return resolved.replace(/\$\{([^}]+)\}/g, (_, id: string) => reference(id));
  if (name === 'Fn::Join') {
    const [separator, parts] = resolved as [string, string[]];
    return parts.join(separator);
  }
  throw new Error(`Cannot resolve ${name}.`);
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': sample.account,
  'AWS::Region': sample.region,
  'AWS::Partition': sample.partition,
};

function reference(id: string): string {
  if (id.startsWith('AWS::') && !pseudo[id]) throw new Error(`Cannot resolve ${id}.`);
  return pseudo[id] ?? id;
}

/** Returns all statements of a role, resolved. */
export function statementsOf(template: Template, roleId: string): Statement[] {
  const role = template.Resources[roleId];
  if (role?.Type !== 'AWS::IAM::Role') throw new Error(`${roleId} is not a role.`);
  const { Policies, ManagedPolicyArns } = resolve(role.Properties, template.Conditions) as {
    Policies: { PolicyDocument: { Statement: Statement[] } }[];
    ManagedPolicyArns?: unknown;
  };
  if (ManagedPolicyArns) throw new Error(`${roleId} has managed policies, which this evaluator cannot read.`);
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Evaluates a request as IAM does: it needs an Allow, and any Deny wins. */
export function allows(statements: readonly Statement[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}

function applies(statement: Statement, { action, resource, context = {} }: Request): boolean {
  const { Action, NotAction, Resource, Condition = {} } = statement;
  const concerned = Action ? matches(Action, action, 'i') : NotAction && !matches(NotAction, action, 'i');
  return (
    Boolean(concerned) &&
    matches(Resource, resource) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, context[key])),
    )
  );
}

function holds(operator: string, wanted: OneOrMany, given: OneOrMany | undefined): boolean {
  switch (operator) {
    case 'StringEquals':
      return given !== undefined && many(wanted).includes(String(given));
    case 'ArnLike':
      return given !== undefined && matches(wanted, String(given));
    case 'ForAllValues:StringEquals': // also true if the key is absent
      return many(given ?? []).every((value) => many(wanted).includes(value));
    case 'ForAnyValue:StringEquals':
      return many(given ?? []).some((value) => many(wanted).includes(value));
    default:
      throw new Error(`Unknown condition operator ${operator}.`);
  }
}

export const many = (value: OneOrMany): readonly string[] => (typeof value === 'string' ? [value] : value);

function matches(patterns: OneOrMany, text: string, flags = ''): boolean {
  return many(patterns).some((pattern) => {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags).test(text);
  });
}
