/** Lets at most `most` calls run at a time. The others wait for their turn, in order. */
export function turns(most: number): <Output>(call: () => Promise<Output>) => Promise<Output> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (call) => {
    if (running < most) running += 1;
    else await new Promise<void>((start) => waiting.push(start));
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      // The turn passes to the next call, so `running` stays the same.
      if (next) next();
      else running -= 1;
    }
  };
}
