import { BlockList, isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { Steps } from './steps.ts';

/** A node and its address: an IP address, or for nodes without an agent also a host name. */
interface AddressedNode {
  readonly label: string;
  readonly address?: string | undefined;
}

/** Nodes of an address range, as it was given. */
export interface AddressRange {
  readonly given: string;
  readonly count: number;
}

/** Whether it is an IP address or a range such as `10.0.1.0/24`. */
export function isAddress(text: string): boolean {
  return parseRange(text) !== undefined;
}

type Family = 'ipv4' | 'ipv6';

/** The nodes by their addresses. */
export class NodeAddresses {
  readonly #byAddress: ReadonlyMap<string, readonly string[]>;
  /** The numbers of all IPv4 addresses: a list of ranges compares each with each. */
  readonly #ipv4: readonly (readonly [address: string, bits: number])[];
  readonly #ipv6: readonly string[];

  private constructor(byAddress: ReadonlyMap<string, readonly string[]>) {
    const all = [...byAddress.keys()];
    this.#byAddress = byAddress;
    this.#ipv4 = all.filter(isIPv4).map((address) => [address, bitsOf(address)]);
    this.#ipv6 = all.filter(isIPv6);
  }

  static *of(nodes: readonly AddressedNode[]): Steps<NodeAddresses> {
    const byAddress = new Map<string, string[]>();
    for (const { label, address = '' } of nodes) {
      yield;
      const family = familyOf(address);
      if (!family) continue;
      const key = comparable(address, family);
      const labels = byAddress.get(key);
      if (labels) labels.push(label);
      else byAddress.set(key, [label]);
    }
    return new NodeAddresses(byAddress);
  }

  /** Labels of the nodes with this address, or with one in this range; undefined for other texts. */
  *finding(text: string): Steps<readonly string[] | undefined> {
    const range = parseRange(text);
    if (!range) return undefined;
    const addresses = yield* this.#addressesIn(range);
    return addresses.flatMap((address) => this.#byAddress.get(address) ?? []);
  }

  *#addressesIn({ address, family, prefix }: ParsedRange): Steps<string[]> {
    // Objects of Node for each of thousands of addresses take long.
    if (family === 'ipv6' && this.#ipv6.length === 0) return [];
    if (prefix === undefined) return [comparable(address, family)];
    if (family === 'ipv4') {
      const size = 2 ** (32 - prefix);
      const first = Math.floor(bitsOf(address) / size) * size;
      return this.#ipv4
        .filter(([, bits]) => bits >= first && bits < first + size)
        .map(([own]) => own);
    }
    const list = new BlockList();
    list.addSubnet(address, prefix, family);
    const found: string[] = [];
    for (const own of this.#ipv6) {
      yield;
      if (list.check(own, family)) found.push(own);
    }
    return found;
  }
}

function bitsOf(address: string): number {
  return address.split('.').reduce((bits, part) => bits * 256 + Number(part), 0);
}

interface ParsedRange {
  readonly address: string;
  readonly family: Family;
  /** How many bits the addresses share; undefined for a single address. */
  readonly prefix: number | undefined;
}

function parseRange(text: string): ParsedRange | undefined {
  const [, address = '', digits] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = familyOf(address);
  if (!family) return undefined;
  const prefix = digits === undefined ? undefined : Number(digits);
  if (prefix !== undefined && prefix > (family === 'ipv4' ? 32 : 128)) return undefined;
  return { address, family, prefix };
}

function familyOf(address: string): Family | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}

/** IPv6 has several ways to write an address: `FD00:0:0::1` is `fd00::1`. */
function comparable(address: string, family: Family): string {
  return family === 'ipv4' ? address : new SocketAddress({ address, family }).address;
}
