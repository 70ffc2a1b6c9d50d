import { writeFile } from 'node:fs/promises';
import { bundleFile, exportStrings } from './l10nStrings.ts';

const strings = await exportStrings();
await writeFile(bundleFile, `${JSON.stringify(strings, undefined, 2)}\n`);
