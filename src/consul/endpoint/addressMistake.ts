import { isIP } from 'node:net';
import { t } from '@vscode/l10n';

/** An address without its scheme, in parts as written. */
interface AddressParts {
  /** Contains the brackets of an IPv6 address. */
  readonly host: string;
  /** undefined if there is no colon after the host. */
  readonly port: string | undefined;
  /** With the query and the fragment. */
  readonly path: string;
}

/** Splits `host:port/path` without interpreting any part. */
export function splitAddress(text: string): AddressParts {
  const end = text.search(/[/\\?#]|$/);
  const authority = text.slice(0, end);
  const [, host = authority, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority) ?? [];
  return { host, port, path: text.slice(end) };
}

/**
 * Finds a slip in the scheme: `unix:/run/x` would be read as a host named "unix", and `http//host` as a
 * host named "http".
 * @param shown the address as shown to the user
 * @returns a sentence, or undefined
 */
export function schemeMistake(text: string, shown: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\/[a-z][a-z0-9+.-]*[:;]?\/\//i.test(text)) {
    return t('"{0}" is not a valid address: it has two schemes. Remove one of them.', shown);
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  const [, path] = /^(?:unix(?:[:;]\/?|\/{1,2})|\/)([^/].*)$/is.exec(text) ?? [];
  if (path !== undefined && !/^\d+$/.test(path)) {
    return t(
      '"{0}" is not a valid address: for a Unix socket, use unix:// and an absolute path, as in unix:///{1}.',
      shown,
      path,
    );
  }
  const isIncomplete =
    /^(?:https?|unix)(?:[:;.]?\/|[:;])/i.test(text) ||
    /^(?:[a-z][a-z0-9+.-]*)?(?:[:;]\/|\/\/)/i.test(text);
  return isIncomplete
    ? t(
        '"{0}" is not a valid address: the scheme is incomplete. Use http://, https:// or unix://.',
        shown,
      )
    : undefined;
}

/**
 * Finds a host that URL would read as another one: it takes 010.0.0.5 for 8.0.0.5, drops tabs and
 * invisible characters, and decodes %31. Go, and so Consul's client, does none of this.
 * @param host with brackets if it has them, without its port
 * @param shown the address as shown to the user, or the setting that contains it
 * @returns a sentence, or undefined
 */
export function hostMistake(host: string, shown: string): string | undefined {
  if (host.startsWith('[')) return bracketMistake(host, shown);
  const odd = /[^\p{L}\p{N}\p{M}._-]/u.exec(host)?.[0];
  if (odd !== undefined) return characterMessage(odd, shown);
  if (!/(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i.test(host.normalize('NFKC')) || isIP(host) === 4) {
    return undefined;
  }
  const decimal = host.replace(/(^|\.)0+(?=\d)/g, '$1');
  return decimal !== host && isIP(decimal) === 4
    ? t(
        '"{0}" is not a valid address: {1} has a leading zero, which can mean an octal number. Use {2}.',
        shown,
        host,
        decimal,
      )
    : t(
        '"{0}" is not a valid address: an IPv4 address needs four decimal numbers from 0 to 255. Example: {1}.',
        shown,
        '10.0.0.5',
      );
}

function bracketMistake(host: string, shown: string): string | undefined {
  const inside = host.slice(1, -1);
  if (isIP(inside) === 6 && !inside.includes('%')) return undefined;
  return inside.includes('%')
    ? t(
        '"{0}" is not a valid address: IPv6 zones aren\'t supported. Remove everything from % to the bracket.',
        shown,
      )
    : t(
        '"{0}" is not a valid address: brackets must contain an IPv6 address. Example: {1}.',
        shown,
        '[::1]:8500',
      );
}

/** @returns a sentence, or undefined */
export function portMistake(port: string | undefined, shown: string): string | undefined {
  if (port === undefined) return undefined;
  if (port === '') {
    return t('"{0}" is not a valid address: the port after the colon is missing.', shown);
  }
  const odd = /[^\p{L}\p{N}.:_-]/u.exec(port)?.[0];
  if (odd !== undefined) return characterMessage(odd, shown);
  if (/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return undefined;
  return t(
    '"{0}" is not a valid address: the port must be a number from 1 to 65535, not {1}.',
    shown,
    port,
  );
}

function characterMessage(character: string, shown: string): string {
  if (/\s/.test(character)) {
    return t('"{0}" is not a valid address: it contains a space. Remove the space.', shown);
  }
  if (/[,;]/.test(character)) {
    return t(
      '"{0}" is not a valid address: it contains "{1}". Enter a single address.',
      shown,
      character,
    );
  }
  if (/["'`]/.test(character)) {
    return t('"{0}" is not a valid address: it contains quotation marks. Remove them.', shown);
  }
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return t(
    '"{0}" is not a valid address: it contains {1}. Remove this character.',
    shown,
    /[\p{P}\p{S}]/u.test(character) ? character : `U+${code}`,
  );
}

/**
 * Finds an IPv6 address without brackets, whose last group could be a port.
 * @returns a sentence, or undefined
 */
export function ipv6Mistake(text: string, shown: string): string | undefined {
  const [authority = ''] = text.split(/[/?#]/, 1);
  const [, host = authority, port = '8500'] = /^(.*:.*):(\d{4,5})$/.exec(authority) ?? [];
  const address = [host, authority].find((candidate) => isIP(candidate) === 6);
  if (address === undefined) return undefined;
  const [withoutZone = ''] = address.split('%', 1);
  return t(
    '"{0}" is not a valid address: an IPv6 address needs brackets. Example: {1}.',
    shown,
    `[${withoutZone}]:${address === host ? port : '8500'}`,
  );
}

/** @returns a sentence, or undefined */
export function pathMistake(path: string, shown: string): string | undefined {
  if (/[?#]/.test(path)) {
    return t('The Consul address must end after its path. Remove everything from ? or # on.');
  }
  const odd = /[\s\\,;<>"'`{}|^]/.exec(path)?.[0];
  if (odd !== undefined) return characterMessage(odd, shown);
  return /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path)
    ? t('"{0}" is not a valid address: its path contains "." or "..". Remove these parts.', shown)
    : undefined;
}
