/** Sets how long an embedded table or backup is CREATING, UPDATING or DELETING, in real milliseconds. */
export const statesLasting = (ms: number) => ({
  createTableMs: ms,
  updateTableMs: ms,
  deleteTableMs: ms,
  backupMs: ms,
  exportMs: ms,
  bulkPutMs: ms,
});
