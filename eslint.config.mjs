import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Which layers a layer must not import: imports only point down (editor → assistants → runs → exec → consul → base). */
const layer = (files, forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: [
          { name: 'vscode', message: 'Only src/editor and src/extension.ts may import vscode.' },
        ],
        patterns: forbidden.map((upper) => ({
          group: [`**/${upper}/**`],
          message: `Imports point down: this layer must not import ${upper}.`,
        })),
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test-results/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      // node:test's `test()` returns a promise that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: false, skipComments: false }],
      complexity: ['error', 20],
    },
  },
  {
    files: ['src/editor/**/*.ts'],
    ignores: ['src/editor/base/notify.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['showInformationMessage', 'showWarningMessage', 'showErrorMessage'].map((property) => ({
          property,
          message: 'VS Code turns outside text into links. Use editor/base/notify.ts.',
        })),
      ],
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', fetch: 'readonly' },
    },
  },
  layer(['src/base/**'], ['consul', 'exec', 'runs', 'assistants', 'editor']),
  layer(['src/consul/**'], ['exec', 'runs', 'assistants', 'editor']),
  layer(['src/exec/**'], ['runs', 'assistants', 'editor']),
  layer(['src/runs/**'], ['consul', 'assistants', 'editor']),
  layer(['src/assistants/**'], ['editor']),
);
