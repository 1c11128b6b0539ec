/** What the compiler knows of the tables of a group, and so of the items that a read returns. */
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';

/** An item of unknown type: attributes by name. */
export type Attributes = Record<string, unknown>;

/** The names of the key attributes of the tables of a group. A generated module has them for every group. */
export interface TableKeys<Attribute extends string = string> {
  /** The key attributes of the tables: HASH, then RANGE. */
  readonly key: readonly Attribute[];
  /** The key attributes of every index that is read, by index name. */
  readonly indexes?: Indexes<Attribute> | undefined;
  /** The attributes beside all keys that an index contains, for indexes that do not project all. By index name. */
  readonly projections?: Indexes<Attribute> | undefined;
}

/** Names of attributes, by index name. */
export type Indexes<Attribute extends string = string> = Readonly<Record<string, readonly Attribute[]>>;

/** The names of the attributes of an item, or of any item of a union. */
export type AttributeOf<Item extends object> = Item extends unknown ? keyof Item & string : never;

/**
 * Keys that are not known, as in the annotation `RotatingClient<Visit>`. It is `any`, so that a client whose keys are known
 * fits the annotation.
 */
// biome-ignore lint/suspicious/noExplicitAny: no other type is both wider and narrower than all keys
export type AnyKeys = any;

/** The keys of the options of a client. Those that are omitted are absent. */
export type KeysFrom<HashRange, Indexed, Projected> = { readonly key: HashRange } & (undefined extends Indexed
  ? unknown
  : { readonly indexes: Indexed }) &
  (undefined extends Projected ? unknown : { readonly projections: Projected });

type Known<Keys extends TableKeys, Then, Else> = number extends Keys['key']['length'] ? Else : Then;

/** The key attributes of an item, and its timestamp if it is known. Other attributes are ignored. */
export type Key<Item extends object = Attributes, Keys extends TableKeys = AnyKeys> =
  // The item type of an error that `instanceof` has found is any.
  unknown extends Item
    ? Item
    : Item extends unknown
      ? Readonly<Partial<Item>> & Known<Keys, Whole<Item, Keys['key'][number]>, unknown>
      : never;

type Whole<Item, Names> = { readonly [Name in keyof Item as Name & Names]-?: Item[Name] };

/** The names of the indexes that can be read. */
export type IndexOf<Keys extends TableKeys> = Known<
  Keys,
  Keys extends { readonly indexes: infer Known extends object } ? keyof Known & string : never,
  string
>;

/** What a read returns of each item: with a projection, some of its attributes. */
export type Read<Item extends object, Keys extends TableKeys, Index, Projection, Selected> = [
  Projection,
] extends [undefined]
  ? Selected extends 'ALL_ATTRIBUTES'
    ? Item
    : Known<Keys, ReadFrom<Item, Keys, Index>, Item>
  : Partial<Item>;

type ReadFrom<Item, Keys extends TableKeys, Index> = Keys extends {
  readonly indexes: infer Known extends Indexes;
  readonly projections: infer Projections extends Indexes;
}
  ? Index extends keyof Known & keyof Projections
    ? PickFrom<Item, Keys['key'][number] | Known[Index][number] | Projections[Index][number]>
    : Item
  : Item;

type PickFrom<Item, Names> = Item extends unknown ? Pick<Item, Names & keyof Item> : never;

/** `COUNT` is not accepted, because it returns no items. */
export type SelectItems = Exclude<NonNullable<QueryCommandInput['Select']>, 'COUNT'>;
