import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ToolInputError } from '../../../src/assistants/inputError.ts';
import { readToolInput, TOOL_NAMES, toolInputs } from '../../../src/assistants/toolInputs.ts';
import { repository } from '../../setup/repository.ts';

interface Contributed {
  readonly name: string;
  readonly modelDescription: string;
  readonly when: string;
  readonly inputSchema: { readonly properties: Record<string, { readonly description?: string }> };
}

const read = (path: string) => JSON.parse(readFileSync(join(repository, path), 'utf8')) as unknown;

const manifest = read('package.json') as {
  readonly contributes: { readonly languageModelTools: readonly Contributed[] };
};
const contributed = manifest.contributes.languageModelTools;

function withoutDescriptions(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item: unknown) =>
      key === 'description' || key === '$schema' ? undefined : item,
    ),
  );
}

test('package.json declares exactly the inputs that the tools accept', () => {
  assert.deepEqual(
    contributed.map(({ name }) => name),
    TOOL_NAMES.map((name) => `consul_exec_${name}`),
  );
  for (const [index, name] of TOOL_NAMES.entries()) {
    const expected = toJsonSchema(toolInputs[name], { errorMode: 'ignore' });
    assert.deepEqual(
      withoutDescriptions(contributed[index]!.inputSchema),
      withoutDescriptions(expected),
    );
    for (const [key, { description }] of Object.entries(
      contributed[index]!.inputSchema.properties,
    )) {
      assert.ok(description, `${name} ${key}`);
    }
  }
});

test('every tool has a schema of its answers', () => {
  assert.deepEqual(
    Object.keys(read('media/answers.schema.json') as object).toSorted(),
    TOOL_NAMES.toSorted(),
  );
});

test('tools are offered in trusted windows only, and the one that acts only on request', () => {
  for (const { name, when } of contributed) {
    assert.match(when, /^isWorkspaceTrusted && config\.consulExec\.assistants /);
    assert.match(when, name.endsWith('propose_run') ? /== 'propose'$/ : /!= 'off'$/);
  }
});

test('an input that is wrong is refused, and named', () => {
  const wrong: readonly [Parameters<typeof readToolInput>[0], unknown, RegExp][] = [
    ['read_run', {}, /"run"/],
    ['read_run', { run: 1 }, /"run"/],
    ['read_run', { run: 'x', section: 'all' }, /"section"/],
    ['list_targets', { connection: 'prod' }, /"connection"/],
    ['propose_run', { script: 'id', reason: 'why', connection: 'prod' }, /"connection"/],
    ['propose_run', { script: 'id', reason: 'why', confirmed: true }, /"confirmed"/],
    ['propose_run', { script: '', reason: 'why' }, /"script"/],
    ['propose_run', { script: 'id', reason: 'x'.repeat(1001) }, /"reason"/],
    ['list_runs', 'text', /./],
    ['list_runs', [], /./],
  ];
  for (const [name, input, message] of wrong) {
    assert.throws(
      () => readToolInput(name, input),
      (error) => error instanceof ToolInputError && message.test(error.message),
      JSON.stringify(input),
    );
  }
  assert.deepEqual(readToolInput('list_runs', undefined), {});
});
