/** The text that golden files must have, by their path from the root of the repository. */
export type GoldenFiles = ReadonlyMap<string, string>;
