import { visible } from '../config/quote.ts';

const WIDTH = 24;

/** A progress bar on one line, which it clears at the end. It prints only on a terminal. */
export function progressOn(stream: NodeJS.WriteStream, steps: number) {
  let done = 0;
  return {
    step(what: string): void {
      if (!stream.isTTY) return;
      const full = Math.round((WIDTH * done++) / steps);
      stream.write(
        `\r\u001b[K${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done}/${steps} ${visible(what)}`,
      );
    },
    done(): void {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
