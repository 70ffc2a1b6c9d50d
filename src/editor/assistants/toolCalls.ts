import { AnswerText } from '../../assistants/answerText.ts';
import { targetList } from '../../assistants/answers/targetList.ts';
import type { PageRequest } from '../../assistants/page.ts';
import { readToolInput, type ToolInput, type ToolName } from '../../assistants/toolInputs.ts';
import { errorMessage } from '../../base/errorMessage.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { requireOffered } from './access.ts';
import { findTargets } from './chosenTargets.ts';
import { proposeRun } from './proposeRun.ts';
import { explainNoResponse, listRuns, readRun, searchRun } from './runAnswers.ts';

/** Why a call has no answer, for the assistant. */
class ToolCallError extends Error {
  override readonly name = 'ToolCallError';
}

export type CallTool = ToolCalls['call'];

/** Answers calls of tools, whoever makes them: a chat, another extension, or a client of MCP. */
export class ToolCalls {
  readonly #services: LaunchServices;

  constructor(services: LaunchServices) {
    this.#services = services;
  }

  /**
   * @param input any JSON
   * @returns an answer of at most 8 KiB as JSON
   * @throws ToolCallError
   */
  async call(name: ToolName, input: unknown, signal: AbortSignal): Promise<object> {
    const { connections, log } = this.#services;
    const texts = new AnswerText((text) => connections.withoutSecrets(text));
    try {
      requireOffered(name);
      return await this.#answer(name, input, texts, signal);
    } catch (error) {
      log.info(`The tool ${name} has no answer: ${String(error)}`);
      throw new ToolCallError(texts.short(errorMessage(error), 2000));
    }
  }

  #answer(name: ToolName, input: unknown, texts: AnswerText, signal: AbortSignal): Promise<object> {
    const services = this.#services;
    const read = <Name extends ToolName>(tool: Name): ToolInput<Name> => readToolInput(tool, input);
    const page = ({ cursor }: { readonly cursor?: string | undefined }): PageRequest => ({
      cursor,
      texts,
    });
    switch (name) {
      case 'list_targets':
        return this.#listTargets(read(name), texts);
      case 'list_runs':
        return listRuns(services, page(read(name)));
      case 'read_run': {
        const wanted = read(name);
        return readRun(services, page(wanted), wanted);
      }
      case 'search_run': {
        const wanted = read(name);
        return searchRun(services, page(wanted), wanted);
      }
      case 'why_no_response': {
        const wanted = read(name);
        return explainNoResponse(services, page(wanted), wanted);
      }
      case 'propose_run':
        return proposeRun(services, page({}), read(name), signal);
    }
  }

  async #listTargets(input: ToolInput<'list_targets'>, texts: AnswerText): Promise<object> {
    const { cursor, ...targets } = input;
    return targetList({ cursor, texts }, await findTargets(this.#services.connections, targets));
  }
}
