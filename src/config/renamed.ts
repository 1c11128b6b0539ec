/** Keys of version 0.1.0 that have a new name. */
const KEYS = {
  SecondLookHours: 'WaitingPeriodHours',
  LastBackup: 'FinalBackup',
  Steps: 'Step',
  Kept: 'Stored',
} as const;

/** Values of version 0.1.0 that have a new name. */
const VALUES = { riding: 'predictive', steps: 'step', either: 'auto' } as const;

/** The new name of `key`, if version 0.1.0 had it and the new name is one of `known`. */
export function newNameOfKey(key: string, known: readonly string[]): string | undefined {
  return newName(KEYS, key, known);
}

/** The new name of `value`, if version 0.1.0 had it and the new name is one of `known`. */
export function newNameOfValue(value: string, known: readonly string[]): string | undefined {
  return newName(VALUES, value, known);
}

function newName(
  names: Readonly<Record<string, string>>,
  old: string,
  known: readonly string[],
): string | undefined {
  const name = Object.hasOwn(names, old) ? names[old] : undefined;
  return name !== undefined && known.includes(name) ? name : undefined;
}
