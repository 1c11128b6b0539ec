/**
 * One stack, as CloudFormation documents its operations. Its rules:
 * - Resources are created in the order of their dependencies. The first failure ends the operation.
 * - A rollback deletes what the operation created, in reverse order. `Retain` keeps it even then, and `RetainExceptOnCreate` does not:
 *   https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 * - A deletion that fails ends the rollback of a creation in ROLLBACK_FAILED. The clean-up of an update tries three times, skips the
 *   resource, and leaves it behind: https://repost.aws/knowledge-center/cloudformation-stack-cleanup-stuck
 * - A resource whose name exists already cannot be created.
 * - A stack that failed to be created, or whose rollback failed, cannot be updated.
 */
import type { Account } from './account.ts';
import { creationOrder } from './graph.ts';
import { applicable, type Resource, type Template } from './template.ts';

export interface Event {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
}

interface Member {
  readonly key: string;
  resource: Resource;
}

/** What makes the creation or the change of a resource fail. */
export type Fault = (id: string) => string | undefined;

const KEPT = ['Retain', 'RetainExceptOnCreate'];

export class Stack {
  status = 'CREATE_IN_PROGRESS';
  readonly events: Event[] = [];
  readonly members = new Map<string, Member>();
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Creates the stack, or rolls the creation back. Returns whether it was created. */
  create(template: Template, fault: Fault = () => undefined, last?: string): boolean {
    const created = this.#apply(applicable(template), fault, last);
    if (created.failed === undefined) return this.#end('CREATE_COMPLETE');
    const clean = this.#rollBack(created.ids);
    this.#end(clean ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED');
    return false;
  }

  /**
   * Updates the stack, or rolls the update back. Returns whether it was updated.
   * @throws Error if the stack is in a state that allows no update
   */
  update(template: Template, fault: Fault = () => undefined, last?: string): boolean {
    if (/^(ROLLBACK_|UPDATE_ROLLBACK_FAILED)/.test(this.status))
      throw new Error(`Stack is in ${this.status} state and can not be updated.`);
    const before = new Map([...this.members].map(([id, member]) => [id, member.resource]));
    const wanted = applicable(template);
    const { ids, failed } = this.#apply(wanted, fault, last);
    if (failed === undefined) {
      const gone = [...this.members.keys()].filter((id) => !Object.hasOwn(wanted.Resources, id));
      for (const id of gone.reverse()) this.#remove(id, KEPT);
      return this.#end('UPDATE_COMPLETE');
    }
    for (const [id, resource] of before) this.#change(id, resource);
    this.#rollBack(ids);
    this.#end('UPDATE_ROLLBACK_COMPLETE');
    return false;
  }

  /** Creates and changes resources until one fails. Returns the new ones in the order of their creation. */
  #apply(template: Template, fault: Fault, last?: string): { ids: string[]; failed?: string } {
    const ids: string[] = [];
    for (const id of creationOrder(template, last)) {
      const resource = template.Resources[id] as Resource;
      const known = this.members.has(id);
      if (known && JSON.stringify(this.members.get(id)?.resource) === JSON.stringify(resource)) continue;
      try {
        const message = fault(id);
        if (message !== undefined) throw new Error(message);
        if (known) this.#change(id, resource);
        else this.members.set(id, { key: this.#account.create(id, resource), resource });
      } catch (error) {
        this.events.push({
          id,
          status: known ? 'UPDATE_FAILED' : 'CREATE_FAILED',
          reason: (error as Error).message,
        });
        return { ids, failed: id };
      }
      if (!known) ids.push(id);
      this.events.push({ id, status: known ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE' });
    }
    return { ids };
  }

  #change(id: string, resource: Resource): void {
    const member = this.members.get(id);
    if (!member) return;
    member.resource = resource;
    this.#account.update(member.key, resource);
  }

  /** Deletes new resources in reverse order. Returns whether each of them was deleted or skipped. */
  #rollBack(ids: readonly string[]): boolean {
    return [...ids]
      .reverse()
      .map((id) => this.#remove(id, ['Retain']))
      .every(Boolean);
  }

  #remove(id: string, keeping: readonly string[]): boolean {
    const { key, resource } = this.members.get(id) as Member;
    this.members.delete(id);
    if (keeping.includes(resource.DeletionPolicy ?? 'Delete')) {
      this.events.push({ id, status: 'DELETE_SKIPPED' });
      return true;
    }
    try {
      this.#account.delete(key);
      this.events.push({ id, status: 'DELETE_COMPLETE' });
      return true;
    } catch (error) {
      this.events.push({ id, status: 'DELETE_FAILED', reason: (error as Error).message });
      return false;
    }
  }

  #end(status: string): boolean {
    this.status = status;
    return true;
  }
}
