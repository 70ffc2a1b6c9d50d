import { parseArgs } from 'node:util';
import { PlainError } from '../setup/plainError.ts';

export interface DemoOptions {
  readonly help: boolean;
  /** 0 for any free port. */
  readonly port: number;
  /** Number of clients, not counting the one server. */
  readonly nodes: number;
  readonly openBrowser: boolean;
}

export const usage = `npm start -- [options]

Starts a fleet of real Consul agents on this machine, and VS Code in the browser
with the extension installed and connected to the fleet. Ctrl-C ends everything.

  --nodes N    number of nodes, not counting the one server, 1 to 40 (default 8)
  --port P     port of VS Code on 127.0.0.1 (default 8767, or any free port if in use)
  --no-open    don't open the browser
  --help       show this text
`;

/** The port to try first. Unlike a port from the user, it can be replaced by another one. */
export const preferredPort = 8767;

/**
 * @throws PlainError for an unknown option or a number out of range
 */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        nodes: { type: 'string', default: '8' },
        'no-open': { type: 'boolean', default: false },
      },
    });
    return {
      help: values.help,
      port: wholeNumber('--port', values.port, 0, 65_535),
      nodes: wholeNumber('--nodes', values.nodes, 1, 40),
      openBrowser: !values['no-open'],
    };
  } catch (error) {
    throw new PlainError(`${(error as Error).message}\n\n${usage}`);
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new Error(`${name} takes a whole number from ${min} to ${max}, not "${text}".`);
}
