/** The order in which CloudFormation creates resources: what a resource refers to comes before it. */
import type { Resource, Template } from './template.ts';

/** Names in `Fn::Sub`, without the literal `${!…}` and the values of the two-part form. */
const VARIABLE = /\$\{([^!}][^}]*)\}/g;

/**
 * The logical ids that a value needs, by Ref, Fn::GetAtt and Fn::Sub
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html).
 */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (key === 'Ref') return [String(part)];
    if (key === 'Fn::GetAtt') return [Array.isArray(part) ? String(part[0]) : String(part).split('.')[0]!];
    if (key === 'Fn::Sub') return subReferences(part);
    return references(part);
  });
}

function subReferences(part: unknown): string[] {
  const [text, values] = Array.isArray(part) ? part : [part, {}];
  const named = [...String(text).matchAll(VARIABLE)].map(([, name]) => name!.split('.')[0]!);
  return [...named.filter((name) => !Object.hasOwn(values, name)), ...references(values)];
}

/** What a resource of a template directly depends on. */
export function dependenciesOf(template: Template, id: string): string[] {
  const { DependsOn = [], Properties = {} } = template.Resources[id] as Resource;
  const named = [...[DependsOn].flat(), ...references(Properties)];
  return [...new Set(named)].filter((name) => name !== id && Object.hasOwn(template.Resources, name));
}

/** Everything that CloudFormation creates before a resource, whatever else it does at the same time. */
export function createdBefore(template: Template, id: string): Set<string> {
  const found = new Set<string>();
  const visit = (one: string): void => {
    for (const other of dependenciesOf(template, one)) {
      if (found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(id);
  return found;
}

/**
 * The resources in an order that CloudFormation can choose. `last` comes as late as the dependencies allow, for example to fail
 * only after everything else exists.
 * @throws Error on a circular dependency
 */
export function creationOrder(template: Template, last?: string): string[] {
  const order: string[] = [];
  const visiting = new Set<string>();
  const visit = (id: string): void => {
    if (order.includes(id)) return;
    if (visiting.has(id))
      throw new Error(`Circular dependency between resources: ${[...visiting, id].join(', ')}`);
    visiting.add(id);
    for (const other of dependenciesOf(template, id)) visit(other);
    visiting.delete(id);
    order.push(id);
  };
  const ids = Object.keys(template.Resources);
  const late = new Set(
    last === undefined ? [] : ids.filter((id) => id === last || createdBefore(template, id).has(last)),
  );
  for (const id of [...ids.filter((one) => !late.has(one)), ...late]) visit(id);
  return order;
}
