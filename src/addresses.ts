/** Which addresses a health URL may not lead to. */
import { BlockList } from 'node:net';

/**
 * This machine, its link, metadata services of clouds, multicast, and reserved addresses.
 * https://www.iana.org/assignments/iana-ipv4-special-registry/, …iana-ipv6-special-registry/,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const NEVER = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, with the metadata services of AWS, Azure and Google
  '100.100.100.200/32', // metadata service of Alibaba
  '168.63.129.16/32', // platform service of Azure
  '192.0.0.0/24', // protocol assignments, with the metadata service of Oracle
  '224.0.0.0/3', // multicast, reserved, and broadcast
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::/32', // metadata, DNS and time of AWS
  'fd20:ce::254/128', // metadata service of Google
];

const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
  'fec0::/10',
];

/** Prefixes of IPv6 addresses that end with an IPv4 address: IPv4-compatible, translated (RFC 2765), NAT64 (RFC 6052, RFC 8215). */
const EMBEDDING = ['::', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'];

/** A BlockList finds IPv4-mapped addresses by itself. */
function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', length] = range.split('/');
    const prefix = Number(length);
    if (network.includes(':')) {
      list.addSubnet(network, prefix, 'ipv6');
      continue;
    }
    list.addSubnet(network, prefix, 'ipv4');
    for (const before of EMBEDDING) list.addSubnet(`${before}${network}`, 96 + prefix, 'ipv6');
    list.addSubnet(sixToFour(network), 16 + prefix, 'ipv6');
  }
  return list;
}

/** The 6to4 network of an IPv4 network (RFC 3056). */
function sixToFour(network: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
  return `2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::`;
}

const never = listOf(NEVER);
const privateRanges = listOf(PRIVATE);

/** Why no request may go to this IP address. undefined if one may. */
export function refusalOf(address: string, allowPrivate: boolean): string | undefined {
  const [ip = ''] = address.split('%'); // an IPv6 address can name a network interface
  const family = ip.includes(':') ? 'ipv6' : 'ipv4';
  if (never.check(ip, family)) return 'its host is a loopback, link-local, metadata, or reserved address';
  if (privateRanges.check(ip, family) && !allowPrivate)
    return 'its host is a private address. To allow that, set Scaling.AllowPrivateHealthUrl to true';
  return undefined;
}
