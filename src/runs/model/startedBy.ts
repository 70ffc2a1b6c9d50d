import { t } from '@vscode/l10n';

/** Who started a run, as far as it is known: what a program says of itself, not proof. */
export interface StartedBy {
  /** The user of the operating system. */
  readonly user: string;
  /** The machine that the extension ran on. */
  readonly host: string;
  /** The accessor of the ACL token, which is no secret. */
  readonly tokenAccessor?: string | undefined;
  readonly tokenDescription?: string | undefined;
  /** Whether an assistant proposed the run, which the user then started. */
  readonly isProposed?: boolean | undefined;
}

/** `ops on laptop, token 6f0a2f0f-… (deploys); proposed by an assistant` */
export function describeStartedBy(startedBy: StartedBy): string {
  const who = describeUser(startedBy);
  return startedBy.isProposed ? t('{0}; proposed by an assistant', who) : who;
}

function describeUser({ user, host, tokenAccessor, tokenDescription }: StartedBy): string {
  if (tokenAccessor === undefined) return t('{0} on {1}', user, host);
  return tokenDescription
    ? t('{0} on {1}, token {2} ({3})', user, host, tokenAccessor, tokenDescription)
    : t('{0} on {1}, token {2}', user, host, tokenAccessor);
}
