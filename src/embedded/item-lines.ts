/**
 * Items in the files of exports and loads, one a line, as DynamoDB JSON or as Amazon Ion text.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
import { Decimal, type dom, IonTypes, load, makeTextWriter, type Writer } from 'ion-js';
import type { ArchiveFormat } from '../core/archives.ts';
import type { Item } from './index-writes.ts';

interface Lines {
  /** Before `.gz` in the name of a file. */
  readonly extension: string;
  readonly write: (item: Item) => string;
  /** @throws Error unless the line is an item */
  readonly read: (line: string) => Item;
}

export const itemLines: Readonly<Record<ArchiveFormat, Lines>> = {
  DYNAMODB_JSON: {
    extension: 'json',
    write: (Item) => JSON.stringify({ Item }),
    read: (line) => itemIn((JSON.parse(line) as { Item?: Item }).Item),
  },
  ION: {
    extension: 'ion',
    write: (item) => `$ion_1_0 ${ionOf(item)}`,
    read: (line) => itemIn(fieldsOf(load(line)?.get('Item') ?? undefined)),
  },
};

function itemIn(item: Item | undefined): Item {
  if (!item) throw new Error('The line does not have an Item');
  return item;
}

/** A value by its DynamoDB type, such as `{ N: '5' }`. */
type Attribute = Readonly<Record<string, unknown>>;

function ionOf(item: Item): string {
  const writer = makeTextWriter();
  writer.stepIn(IonTypes.STRUCT);
  writer.writeFieldName('Item');
  writeStruct(writer, item);
  writer.stepOut();
  writer.close();
  return new TextDecoder().decode(writer.getBytes());
}

function writeStruct(writer: Writer, fields: Item): void {
  writer.stepIn(IonTypes.STRUCT);
  for (const [name, value] of Object.entries(fields)) {
    writer.writeFieldName(name);
    write(writer, value as Attribute);
  }
  writer.stepOut();
}

function writeList(writer: Writer, values: readonly Attribute[]): void {
  writer.stepIn(IonTypes.LIST);
  for (const value of values) write(writer, value);
  writer.stepOut();
}

function write(writer: Writer, attribute: Attribute): void {
  const [type = '', value] = Object.entries(attribute)[0] ?? [];
  if (type === 'S') writer.writeString(value as string);
  else if (type === 'N') writer.writeDecimal(decimalOf(value as string));
  else if (type === 'B') writer.writeBlob(Buffer.from(value as string, 'base64'));
  else if (type === 'BOOL') writer.writeBoolean(value as boolean);
  else if (type === 'NULL') writer.writeNull(IonTypes.NULL);
  else if (type === 'M') writeStruct(writer, value as Item);
  else if (type === 'L') writeList(writer, value as Attribute[]);
  else {
    writer.setAnnotations([`$dynamodb_${type}`]);
    writeList(
      writer,
      (value as string[]).map((one) => ({ [type.charAt(0)]: one })),
    );
  }
}

/** In Ion, the exponent of a decimal is after a `d`. @throws Error unless the text is a number */
function decimalOf(number: string): Decimal {
  const decimal = Decimal.parse(number.replace(/e\+?/i, 'd'));
  if (!decimal) throw new Error(`${number} is not a number`);
  return decimal;
}

const fieldsOf = (struct: dom.Value | undefined): Item | undefined =>
  struct && Object.fromEntries(struct.fields().map(([name, value]) => [name, attributeOf(value)]));

const SET = /^\$dynamodb_([SNB])S$/;

function attributeOf(value: dom.Value): Attribute {
  switch (value.getType()) {
    case IonTypes.STRING:
      return { S: value.stringValue() };
    case IonTypes.DECIMAL:
      return { N: String(value.decimalValue()) };
    case IonTypes.BLOB:
      return { B: Buffer.from(value.uInt8ArrayValue() ?? []).toString('base64') };
    case IonTypes.BOOL:
      return { BOOL: value.booleanValue() };
    case IonTypes.NULL:
      return { NULL: true };
    case IonTypes.STRUCT:
      return { M: fieldsOf(value) };
    case IonTypes.LIST:
      return listOf(value);
    default:
      throw new Error(`The Ion type ${value.getType().name} is not a type of DynamoDB`);
  }
}

function listOf(list: dom.Value): Attribute {
  const values = list.elements().map(attributeOf);
  const [, type] = SET.exec(list.getAnnotations()[0] ?? '') ?? [];
  return type === undefined ? { L: values } : { [`${type}S`]: values.map((one) => one[type]) };
}
