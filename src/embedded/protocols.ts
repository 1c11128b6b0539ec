/**
 * The protocols of AWS that the embedded AWS does not speak. A request gets its error in its own protocol, so that any client
 * shows it: the query protocol (forms and XML), and Smithy RPC v2 CBOR.
 */
import type { IncomingMessage } from 'node:http';

/** https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
const CBOR_PATH = /^\/service\/\w+\/operation\/(\w+)$/;

/** The operation of a request in CBOR. undefined for other requests. */
export const cborOperation = ({ url = '' }: IncomingMessage): string | undefined => CBOR_PATH.exec(url)?.[1];

export const unsupportedProtocol = (protocol: string): string =>
  `The embedded AWS does not support ${protocol}. Use a client with AWS JSON 1.0, such as the AWS SDK for JavaScript v3.`;

/** A map of texts in CBOR (RFC 8949). */
export function cborTexts(texts: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(texts);
  return Buffer.concat([Buffer.of(0xa0 + entries.length), ...entries.flat().map(cborText)]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([Buffer.of(0x79), length, bytes]);
}
