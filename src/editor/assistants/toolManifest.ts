import type { ObjectSchema } from '../../assistants/mcp/mcpTool.ts';
import { TOOL_NAMES, type ToolName } from '../../assistants/toolInputs.ts';

/** The names of the tools in VS Code begin with this: all extensions share one list. */
const PREFIX = 'consul_exec_';

/** A tool as package.json describes it. */
export interface DescribedTool {
  readonly name: ToolName;
  /** Its name in VS Code. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
}

interface Contributed {
  readonly name: string;
  readonly displayName: string;
  readonly modelDescription: string;
  readonly inputSchema: ObjectSchema;
}

/** @param manifest package.json; a test compares it with the names */
export function describedTools(manifest: unknown): DescribedTool[] {
  const { contributes } = manifest as {
    readonly contributes: { readonly languageModelTools: readonly Contributed[] };
  };
  return contributes.languageModelTools.flatMap((tool) => {
    const name = TOOL_NAMES.find((known) => tool.name === PREFIX + known);
    const { displayName: title, modelDescription: description, inputSchema } = tool;
    return name ? [{ name, id: tool.name, title, description, inputSchema }] : [];
  });
}
