/** What exists in the account, whichever stack created it. */
import type { Resource } from './template.ts';

/** The property with which a template names a resource itself. Other resources get a name of their own each time. */
const NAMED: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
};

export interface Thing {
  readonly type: string;
  readonly name: string;
  properties: Readonly<Record<string, unknown>>;
}

export class Account {
  readonly things = new Map<string, Thing>();
  #made = 0;

  /** @throws Error if the name is taken, or if Lambda may not reserve the executions */
  create(id: string, { Type, Properties = {} }: Resource): string {
    const written = NAMED[Type] && Properties[NAMED[Type]];
    const name = typeof written === 'string' ? written : this.#unusedName(id);
    const key = `${Type} ${name}`;
    if (this.things.has(key)) throw new Error(`${name} already exists`);
    this.things.set(key, { type: Type, name, properties: Properties });
    return key;
  }

  #unusedName(id: string): string {
    this.#made += 1;
    return `${id}-${this.#made}`;
  }

  update(key: string, { Properties = {} }: Resource): void {
    this.things.get(key)!.properties = Properties;
  }

  /** @throws Error for a table with deletion protection */
  delete(key: string): void {
    const thing = this.things.get(key);
    if (thing?.type === 'AWS::DynamoDB::Table' && thing.properties.DeletionProtectionEnabled === true)
      throw new Error(
        `Resource cannot be deleted as it is currently protected against deletion: ${thing.name}`,
      );
    this.things.delete(key);
  }

  table(name: string): Thing | undefined {
    return this.things.get(`AWS::DynamoDB::Table ${name}`);
  }
}
