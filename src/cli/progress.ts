import { visible } from '../config/quote.ts';

const WIDTH = 24;

/** A progress bar for people: only on a terminal, on one line that it takes away at the end. */
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
