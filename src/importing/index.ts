import { importDynamicDynamodb, isDynamicDynamodb } from './dynamic-dynamodb/index.ts';
import { importSchemaConfig, isSchemaConfig } from './loki/index.ts';
import type { Imported } from './report.ts';

export type { Imported, Outcome, ReportLine } from './report.ts';

/** What can be imported, for an error. */
export const KNOWN_SOURCES =
  'a configuration of dynamic-dynamodb, with sections such as "[table: ^my_table$]", and the YAML of Loki or Cortex, with schema_config or table_manager';

/** Converts a configuration of another tool, which its contents show; undefined for others. */
export async function importText(text: string): Promise<Imported | undefined> {
  if (isDynamicDynamodb(text)) return importDynamicDynamodb(text);
  return isSchemaConfig(text) ? importSchemaConfig(text) : undefined;
}
