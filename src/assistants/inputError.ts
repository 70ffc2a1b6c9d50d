/** Input of a tool that can't be used. The message is for the assistant: one sentence or two, in English. */
export class ToolInputError extends Error {
  override readonly name = 'ToolInputError';
}
