import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** A text that was found, and where. */
export interface Trace {
  readonly text: string;
  readonly place: string;
}

/** The encodings in which a program could write a text. */
function forms(text: string): Buffer[] {
  const hex = Buffer.from(text.replaceAll('-', ''), 'hex');
  return [
    Buffer.from(text),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text.replaceAll('-', '')),
    Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -2)),
    ...(hex.length === 16 ? [hex] : []),
  ];
}

function tracesIn(content: Buffer, place: string, texts: readonly string[]): Trace[] {
  return texts
    .filter((text) => forms(text).some((form) => content.includes(form)))
    .map((text) => ({ text, place }));
}

/** Searches every file of a folder, and the file names. */
export async function tracesInFolder(folder: string, texts: readonly string[]): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    traces.push(...tracesIn(Buffer.from(name), `name of ${name}`, texts));
    const path = join(folder, name);
    if (!(await stat(path)).isFile()) continue;
    traces.push(...tracesIn(await readFile(path), path, texts));
  }
  return traces;
}

/** Searches everything that a page shows and stores: text, fields, local and session storage, databases. */
export async function tracesInPage(page: Page, texts: readonly string[]): Promise<Trace[]> {
  const contents = await page.evaluate<Record<string, string>>(readPage);
  return Object.entries(contents).flatMap(([place, text]) =>
    tracesIn(Buffer.from(text), `page: ${place}`, texts),
  );
}

/** Runs in the browser. It is a string because the project has no DOM types. */
const readPage = `(async () => {
  const contents = {
    html: document.documentElement.outerHTML,
    text: document.documentElement.innerText,
    fields: [...document.querySelectorAll('input, textarea')].map((field) => field.value).join('\\n'),
    localStorage: JSON.stringify({ ...localStorage }),
    sessionStorage: JSON.stringify({ ...sessionStorage }),
    cookies: document.cookie,
  };
  const plain = (value) =>
    value instanceof Uint8Array || value instanceof ArrayBuffer
      ? new TextDecoder().decode(value)
      : typeof value === 'string' ? value : JSON.stringify(value);
  const resultOf = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await resultOf(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      const [keys, values] = [await resultOf(objects.getAllKeys()), await resultOf(objects.getAll())];
      contents['database ' + name + ' ' + store] = [...keys, ...values].map(plain).join('\\n');
    }
    database.close();
  }
  return contents;
})()`;
