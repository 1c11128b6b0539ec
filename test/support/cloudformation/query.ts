/** CloudFormation's calls by which osls deploys, as the Query protocol has them. */
import type { ServerResponse } from 'node:http';
import { Stack } from './stack.ts';
import type { Template } from './template.ts';

/** What a deployment works on. `objects` are the files in the bucket, by key. */
export interface Deploying {
  stack?: Stack | undefined;
  readonly account: ConstructorParameters<typeof Stack>[0];
  readonly objects: Map<string, { body: Buffer; headers: Record<string, string> }>;
  /** The tags of the newest operation. */
  tags?: Record<string, string>;
  /** The resource that fails in the next operation. */
  failing?: string | undefined;
}

/** The events of an operation, newest first, with those of the stack itself around them. */
let events: { id: string; type: string; status: string; reason?: string | undefined }[] = [];

const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/turntable-production/1';
const tag = (name: string, text: string): string => `<${name}>${text}</${name}>`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Answers a call. Returns false if a deployment does not make this call. */
export function answerQuery(form: URLSearchParams, response: ServerResponse, deploying: Deploying): boolean {
  const action = String(form.get('Action'));
  const answers: Record<string, () => string> = {
    GetCallerIdentity: () => tag('Account', '123456789012') + tag('Arn', 'arn:aws:iam::123456789012:user/x'),
    ValidateTemplate: () => '',
    CreateStack: () => operate('CREATE', form, deploying, JSON.parse(String(form.get('TemplateBody')))),
    UpdateStack: () => operate('UPDATE', form, deploying, uploaded(form, deploying)),
    DescribeStacks: () => tag('Stacks', tag('member', describe(deploying.stack))),
    DescribeStackEvents: () => tag('StackEvents', events.map(eventOf).join('')),
    ListStackResources: () => tag('StackResourceSummaries', ''),
  };
  const found = answers[action];
  if (!found) return false;
  response.setHeader('content-type', 'text/xml');
  try {
    const result = found();
    response.writeHead(200).end(tag(`${action}Response`, tag(`${action}Result`, result)));
  } catch (error) {
    const { message } = error as Error;
    const inner = tag(
      'Error',
      tag('Type', 'Sender') + tag('Code', 'ValidationError') + tag('Message', escaped(message)),
    );
    response.writeHead(400).end(tag('ErrorResponse', inner));
  }
  return true;
}

function describe(stack: Stack | undefined): string {
  if (!stack) throw new Error('Stack with id turntable-production does not exist');
  return (
    tag('StackName', 'turntable-production') +
    tag('StackId', STACK_ID) +
    tag('CreationTime', '2026-11-29T00:00:00Z') +
    tag('StackStatus', stack.status) +
    tag('Outputs', '')
  );
}

function uploaded(form: URLSearchParams, { objects }: Deploying): Template {
  const url = String(form.get('TemplateURL'));
  const found = [...objects].find(([key]) => url.endsWith(`/${key}`));
  if (!found) throw new Error(`No template at ${url}`);
  return JSON.parse(found[1].body.toString());
}

function operate(
  kind: 'CREATE' | 'UPDATE',
  form: URLSearchParams,
  deploying: Deploying,
  template: Template,
): string {
  if (kind === 'CREATE') deploying.stack = new Stack(deploying.account);
  const stack = deploying.stack as Stack;
  const known = stack.events.length;
  const { failing } = deploying;
  const fault = (id: string) => (id === failing ? 'Access denied' : undefined);
  const done =
    kind === 'CREATE' ? stack.create(template, fault, failing) : stack.update(template, fault, failing);
  if (failing !== undefined && Object.hasOwn(template.Resources, failing)) deploying.failing = undefined;
  deploying.tags = tagsOf(form);
  const own = (status: string) => ({
    id: 'turntable-production',
    type: 'AWS::CloudFormation::Stack',
    status,
  });
  events = [
    own(`${kind}_IN_PROGRESS`),
    ...stack.events
      .slice(known)
      .map((one) => ({ ...one, type: template.Resources[one.id]?.Type ?? 'AWS::Other' })),
    ...(done ? [] : [own(`${kind === 'CREATE' ? '' : 'UPDATE_'}ROLLBACK_IN_PROGRESS`)]),
    own(stack.status),
  ].reverse();
  return tag('StackId', STACK_ID);
}

function tagsOf(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let i = 1; form.has(`Tags.member.${i}.Key`); i += 1)
    tags[String(form.get(`Tags.member.${i}.Key`))] = String(form.get(`Tags.member.${i}.Value`));
  return tags;
}

const eventOf = ({ id, type, status, reason }: (typeof events)[number], index: number): string =>
  tag(
    'member',
    tag('EventId', `${events.length - index} ${id} ${status}`) +
      tag('StackId', STACK_ID) +
      tag('StackName', 'turntable-production') +
      tag('LogicalResourceId', id) +
      tag('ResourceType', type) +
      tag('Timestamp', '2026-11-29T00:00:00Z') +
      tag('ResourceStatus', status) +
      (reason ? tag('ResourceStatusReason', escaped(reason)) : ''),
  );
