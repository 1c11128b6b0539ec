/** The newest configuration in a bucket that was valid. Jobs go back to it while a newer one is invalid. */
export interface ValidConfig {
  /** `s3://bucket/prefix`. A record about another place counts for nothing. */
  readonly place: string;
  /** The version of each file, by its name. A file without one did not exist. */
  readonly versions: Readonly<Record<string, string>>;
  /** Since when these versions have been the newest valid ones, epoch milliseconds. */
  readonly since: number;
}

/** Whether both are the same files. */
export const sameVersions = (a: ValidConfig['versions'], b: ValidConfig['versions']): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};
