const PREFIX = 'claroshop:';

/** Whose attempts they are: the table of attempts may serve other providers, too. */
export function accountToSubject(account: string): string {
  return `${PREFIX}${account}`;
}

export function subjectToAccount(subject: string): string {
  return subject.slice(PREFIX.length);
}
