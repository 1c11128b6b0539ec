/** The parts of a CloudFormation template that the stand-in reads. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** The template as it applies: without the resources whose condition is false, and what Fn::If does not choose. */
export function applicable(template: Template): Template {
  const conditions = template.Conditions ?? {};
  const kept = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || holds(conditions[Condition], conditions),
  );
  return {
    Resources: Object.fromEntries(kept.map(([id, one]) => [id, chosen(one, conditions) as Resource])),
  };
}

/** A condition function (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html). */
function holds(condition: unknown, all: NonNullable<Template['Conditions']>): boolean {
  const [[name, argument] = []] = Object.entries(condition ?? {});
  if (name === 'Condition') return holds(all[String(argument)], all);
  const values = (argument ?? []) as unknown[];
  if (name === 'Fn::Equals') return values[0] === values[1];
  if (name === 'Fn::Not') return !holds(values[0], all);
  if (name === 'Fn::And') return values.every((value) => holds(value, all));
  if (name === 'Fn::Or') return values.some((value) => holds(value, all));
  throw new Error(`Unknown condition function ${name}.`);
}

const isNoValue = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { Ref?: string }).Ref === 'AWS::NoValue';

function chosen(value: unknown, conditions: NonNullable<Template['Conditions']>): unknown {
  if (Array.isArray(value))
    return value.map((one) => chosen(one, conditions)).filter((one) => !isNoValue(one));
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::If' in value) {
    const [name, then, otherwise] = value['Fn::If'] as [string, unknown, unknown];
    return chosen(holds(conditions[name], conditions) ? then : otherwise, conditions);
  }
  const entries = Object.entries(value).map(([key, part]) => [key, chosen(part, conditions)] as const);
  return Object.fromEntries(entries.filter(([, part]) => !isNoValue(part)));
}
