import { PlainError } from './plainError.ts';

/** A version of VS Code that tests run in, as the npm build of its server. */
export interface VscodeRelease {
  readonly version: string;
  readonly npmPackage: string;
  /** The version of the Node that it needs; the toolchain's by default. */
  readonly node?: string;
  /** These modules are compiled for this machine; everything else runs as it is. */
  readonly nativeModules: readonly string[];
  /** Dependencies that npm should install in another version than the release asks for. */
  readonly replaced?: Readonly<Record<string, string>>;
  /** Whether `@vscode/ripgrep`, which Quick Open needs, downloads its program from outside npm. */
  readonly lacksRipgrep?: boolean;
}

/** Tests run in this version, except those that name another. */
export const newestVscode: VscodeRelease = {
  version: '1.139.1',
  npmPackage: 'code-server@4.139.1',
  nativeModules: [
    '@vscode/spdlog',
    '@parcel/watcher',
    '@vscode/native-watchdog',
    'node-pty',
    '@vscode/sqlite3',
  ],
};

/** The version that `engines.vscode` in package.json names. */
export const oldestVscode: VscodeRelease = {
  version: '1.105.1',
  npmPackage: 'code-server@4.105.1',
  // The one that its desktop version has. With Node 24, the extension host stalls.
  node: '22.19.0',
  nativeModules: ['@vscode/spdlog', 'native-watchdog', 'node-pty'],
  // It asks for a commit in a Git repository. This version brings its binary.
  replaced: { '@parcel/watcher': '^2.5.6' },
  lacksRipgrep: true,
};

const releases = [newestVscode, oldestVscode];

/**
 * @returns the release whose version is in `$CONSUL_EXEC_VSCODE`; the newest by default
 * @throws PlainError that names the known versions
 */
export function givenRelease(): VscodeRelease {
  const given = process.env['CONSUL_EXEC_VSCODE'];
  if (!given) return newestVscode;
  const found = releases.find(({ version }) => version === given);
  if (found) return found;
  const known = releases.map(({ version }) => version).join(' or ');
  throw new PlainError(`CONSUL_EXEC_VSCODE is set to ${given}. Set it to ${known}.`);
}
