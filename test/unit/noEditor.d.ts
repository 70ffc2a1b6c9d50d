// What `vscode` is for the rooms below the editor (see tsconfig.core.json): nothing at all.
declare const nothing: never;
export { nothing as 'the rooms below src/editor must not import vscode' };
