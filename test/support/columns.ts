/** Sets the width of the terminal that standard output is, in characters; undefined: it is no terminal. */
export const setColumns = (columns: number | undefined): void => {
  Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true, writable: true });
};
