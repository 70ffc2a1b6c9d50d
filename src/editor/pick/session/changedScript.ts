import { interpreterOfText, type Script, scriptJob } from '../../../exec/script/script.ts';
import type { PickSession } from './pickSession.ts';

/** With the added `#!` line if the job is without it, and the reverse. */
export function withOtherLine(session: PickSession): PickSession {
  const { script } = session;
  const usesAddedLine = !session.usesAddedLine;
  const job = script ? scriptJob(script, usesAddedLine) : session.job;
  return { ...session, job, usesAddedLine };
}

/** With the text that the user made of a script. Its own `#!` line decides again. */
export function withText(session: PickSession, text: string): PickSession {
  const { script, usesAddedLine } = session;
  if (!script) return session;
  const own = interpreterOfText(text);
  const isOwn = own.kind === 'own' || script.interpreter.kind === 'own';
  const edited: Script = {
    ...script,
    text,
    bytes: undefined,
    hadCrlf: text.includes('\r\n'),
    interpreter: isOwn ? own : script.interpreter,
  };
  return { ...session, script: edited, job: scriptJob(edited, usesAddedLine) };
}
