import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBrowser } from './harness/browser.ts';
import { launchVscode } from './harness/launchVscode.ts';
import { Workbench } from './harness/workbench.ts';
import { currentVsix } from './support/vsix.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';

/** One text from a layer below src/editor, and one from src/editor. */
const translations = {
  "Couldn't reach a Consul agent at {0}: {1}. Check the address, or start an agent there.":
    'Unter {0} antwortet kein Consul: {1}.',
  'Show Log': 'Protokoll zeigen',
};

test('a window in another language shows the texts of that bundle', async () => {
  const folder = temporaryFolder('localised');
  const vscode = await launchVscode({
    vsix: await currentVsix(),
    workspaceFolder: folder.path,
    env: { CONSUL_HTTP_ADDR: '127.0.0.1:9' },
  });
  const browser = await openBrowser();
  try {
    const extensions = join(vscode.serverDataDir, '..', 'extensions');
    const [extension = ''] = (await readdir(extensions)).filter((name) =>
      name.startsWith('consul-exec'),
    );
    // Only translations are packaged, and there is none yet.
    const bundles = join(extensions, extension, 'media', 'l10n');
    await mkdir(bundles, { recursive: true });
    await writeFile(join(bundles, 'bundle.l10n.de.json'), JSON.stringify(translations));
    const page = await browser.newPage();
    // Sets the language as a language pack does.
    await page.addInitScript("globalThis._VSCODE_NLS_LANGUAGE = 'de'");
    const workbench = new Workbench(page);
    await workbench.goto(vscode.url);
    await workbench.runCommand('Consul Exec: Test Connection');
    const toast = await workbench.notification(/Unter .*127\.0\.0\.1:9.* antwortet kein Consul: /);
    await toast.getByRole('button', { name: 'Protokoll zeigen' }).waitFor();
  } finally {
    await browser.close();
    await vscode.stop();
    folder.remove();
  }
});
