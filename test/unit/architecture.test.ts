import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { repository } from '../setup/repository.ts';

/** From the lowest to the highest; src/extension.ts is above all of them. */
const LAYERS = ['base', 'consul', 'exec', 'runs', 'assistants', 'editor'];
const MAX_FILES_PER_FOLDER = 16;

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The files of src, each with the files of src that it imports; imports of types count too. */
async function readImports(): Promise<Graph> {
  const imports = new Map<string, Set<string>>();
  for await (const file of glob('src/**/*.ts', { cwd: repository })) {
    const { importedFiles } = ts.preProcessFile(await readFile(join(repository, file), 'utf8'));
    const relative = importedFiles.filter(({ fileName }) => fileName.startsWith('.'));
    const targets = relative.map(({ fileName }) => normalize(join(dirname(file), fileName)));
    imports.set(file, new Set(targets));
  }
  return imports;
}

const files = await readImports();

/** Every import from one file to another, as `[importer, imported]`. */
const arrows = [...files].flatMap(([file, targets]) =>
  [...targets].map((target) => [file, target] as const),
);

/** The folders of src, each with the other folders that its files import from. */
function foldersOf(graph: Graph): Graph {
  const folders = new Map<string, Set<string>>();
  for (const [file, targets] of graph) {
    const folder = dirname(file);
    const others = folders.get(folder) ?? new Set();
    folders.set(folder, others);
    for (const target of targets) if (dirname(target) !== folder) others.add(dirname(target));
  }
  return folders;
}

/** Sets of places that can all be reached from one another, each of at least two (Tarjan). */
function circlesIn(graph: Graph): string[][] {
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (place: string): number => {
    const index = order.size;
    order.set(place, index);
    lowest.set(place, index);
    stack.push(place);
    let low = index;
    for (const next of graph.get(place) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? low);
    }
    lowest.set(place, low);
    if (low < index) return low;
    const circle = stack.splice(stack.indexOf(place));
    if (circle.length > 1) circles.push(circle.toSorted());
    return low;
  };
  for (const place of graph.keys()) if (!order.has(place)) visit(place);
  return circles;
}

/** The imports between the places of a circle, for the message of a failure. */
function arrowsWithin(circle: readonly string[], placeOf: (file: string) => string): string[] {
  const within = new Set(circle);
  return arrows
    .filter(([from, to]) => placeOf(from) !== placeOf(to))
    .filter(([from, to]) => within.has(placeOf(from)) && within.has(placeOf(to)))
    .map(([from, to]) => `${from} → ${to}`);
}

/** The position of a file's layer among LAYERS; files directly in src are above all. */
function levelOf(file: string): number {
  const level = LAYERS.indexOf(file.split('/')[1] ?? '');
  return level === -1 ? LAYERS.length : level;
}

test('every import in src leads to a file of src', () => {
  assert.ok(files.size > 100);
  for (const [from, to] of arrows) assert.ok(files.has(to), `${from} → ${to}`);
});

test('no files import each other in a circle', () => {
  assert.deepEqual(circlesIn(files), []);
});

for (const layer of LAYERS) {
  test(`no folders of src/${layer} import from each other in a circle`, () => {
    const inLayer = [...files].filter(([file]) => file.startsWith(`src/${layer}/`));
    const circles = circlesIn(foldersOf(new Map(inLayer)));
    assert.deepEqual(
      circles.map((circle) => arrowsWithin(circle, dirname)),
      [],
    );
  });
}

test('no file imports from a higher layer', () => {
  const upward = arrows.filter(([from, to]) => levelOf(to) > levelOf(from));
  assert.deepEqual(
    upward.map(([from, to]) => `${from} → ${to}`),
    [],
  );
});

test(`no folder has more than ${MAX_FILES_PER_FOLDER} files`, () => {
  const crowded = [...Map.groupBy(files.keys(), dirname)].filter(
    ([, members]) => members.length > MAX_FILES_PER_FOLDER,
  );
  assert.deepEqual(
    crowded.map(([folder, members]) => `${folder}: ${members.length}`),
    [],
  );
});

test('the search for circles finds one', () => {
  const graph = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c', 'd'])],
    ['c', new Set(['a'])],
    ['d', new Set<string>()],
  ]);
  assert.deepEqual(circlesIn(graph), [['a', 'b', 'c']]);
});
