import * as vscode from 'vscode';

export interface FileReader {
  readonly stat: (uri: vscode.Uri) => Promise<vscode.FileStat>;
  readonly read: (uri: vscode.Uri) => Promise<Uint8Array>;
}

/** A read-only file system without folders. Files change only through `onDidChangeFile`. */
export function readOnlyFiles(
  onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>,
  { stat, read }: FileReader,
): vscode.FileSystemProvider {
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile,
    stat,
    readFile: read,
    watch: () => new vscode.Disposable(() => undefined),
    readDirectory: refuse,
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}
