/** Tags are stored here, because dynalite's own ListTagsOfResource reads all data. */
import type { Tag } from '@aws-sdk/client-dynamodb';
import { invalidParameter, notFound, validation } from './failure.ts';
import type { Operations, Region } from './region.ts';
import type { Table } from './table.ts';

const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
/** ListTagsOfResource has no page size. DynamoDB returns a few tags per page. Here, two pages hold the maximum. */
const TAGS_PER_PAGE = 25;

/** `present` with `added` on top. Throws if the result breaks a rule of AWS. */
export function tagsFrom(added: readonly Tag[], present: ReadonlyMap<string, string>): Map<string, string> {
  const keys = added.map((tag) => tag.Key ?? '');
  if (new Set(keys).size < keys.length) throw invalidParameter('Duplicate tag keys are not allowed');
  const tags = new Map(present);
  for (const { Key = '', Value = '' } of added) {
    checkTag(Key, Value);
    tags.set(Key, Value);
  }
  if (tags.size > MAX_TAGS)
    throw invalidParameter(`Too many tags: a resource can have at most ${MAX_TAGS} tags, not ${tags.size}`);
  return tags;
}

function checkTag(key: string, value: string): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH)
    throw invalidParameter(`Tag keys must have 1 to ${MAX_KEY_LENGTH} characters`);
  if (value.length > MAX_VALUE_LENGTH)
    throw invalidParameter(`Tag values can have at most ${MAX_VALUE_LENGTH} characters: ${key}`);
  if (/^aws:/i.test(key))
    throw invalidParameter(`Tag keys starting with "aws:" are reserved for system use: ${key}`);
  if (/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.test(key + value))
    throw invalidParameter(`Tags can contain only letters, white space, numbers and _ . : / = + - @: ${key}`);
}

export function tagOperations(region: Region): Operations {
  return {
    TagResource: (input) => {
      region.rates.tagWrites.spend();
      const table = tagged(region, input.ResourceArn);
      const added = input.Tags as Tag[] | undefined;
      if (!added?.length) throw validation('Atleast one Tag needs to be provided as Input.');
      replace(table.tags, tagsFrom(added, table.tags));
      return {};
    },
    UntagResource: (input) => {
      region.rates.untags.spend();
      const table = tagged(region, input.ResourceArn);
      const keys = input.TagKeys as string[] | undefined;
      if (!keys?.length) throw validation('Atleast one Tag Key needs to be provided as Input.');
      for (const key of keys) table.tags.delete(key);
      return {};
    },
    ListTagsOfResource: (input) => {
      region.rates.tagReads.spend();
      const table = tagged(region, input.ResourceArn);
      const tags = region.tables.sightings.tagsOf(table.name, table.tags);
      const from = Number(input.NextToken ?? 0);
      if (!Number.isInteger(from) || from < 0) throw validation('Invalid NextToken');
      const page = [...tags].slice(from, from + TAGS_PER_PAGE).map(([Key, Value]) => ({ Key, Value }));
      const next = from + TAGS_PER_PAGE;
      return { Tags: page, ...(next < tags.size && { NextToken: String(next) }) };
    },
  };
}

function tagged(region: Region, arn: unknown): Table {
  const match = /^arn:aws:dynamodb:[^:]+:\d+:table\/([^/]{3,255})$/.exec(String(arn));
  if (!match) throw validation(`Invalid TableArn: Invalid ResourceArn provided as input ${String(arn)}`);
  const table = region.tables.find(match[1] ?? '');
  if (table?.arn !== arn || !table)
    throw notFound(`Requested resource not found: ResourcArn: ${String(arn)} not found`);
  return table;
}

function replace(tags: Map<string, string>, by: ReadonlyMap<string, string>): void {
  for (const [key, value] of by) tags.set(key, value);
}
