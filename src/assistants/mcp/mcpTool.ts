import type { ToolName } from '../toolInputs.ts';

/** A JSON Schema of an object. */
export type ObjectSchema = Readonly<Record<string, unknown>> & { readonly type: 'object' };

/** A tool as clients of the Model Context Protocol see it. */
export interface McpTool {
  readonly name: ToolName;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  /** Whether it only reads. */
  readonly isReadOnly: boolean;
}

/** What the server serves. Asked for each request, because settings can change. */
export interface McpTools {
  readonly version: string;
  readonly list: () => readonly McpTool[];
  /** @throws an error whose message is for the assistant */
  readonly call: (name: ToolName, input: unknown, signal: AbortSignal) => Promise<object>;
}
