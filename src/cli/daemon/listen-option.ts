import { quote } from '../../config/quote.ts';
import { UsageError } from '../failure.ts';

/** Where the daemon answers HTTP requests. Port 0 is any free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Only processes of the same machine reach it. */
const OWN_MACHINE = '127.0.0.1';

const FORM = /^(?:(?<host>[\w.-]+|\[[\da-f:.]+\]):)?(?<port>\d{1,5})$/i;

/** The address of --listen. @throws UsageError */
export function addressOf(text: string): Address {
  const { host = OWN_MACHINE, port = '' } = FORM.exec(text)?.groups ?? {};
  if (port === '' || Number(port) > 65_535)
    throw new UsageError(
      `--listen ${quote(text)} is invalid. Use a port, or a host and a port, for example 9464 or 0.0.0.0:9464.`,
    );
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
