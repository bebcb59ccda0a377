/** Something that must be on the machine is not; `howToFix` says in one line how to get it. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError';
  readonly howToFix: string;

  constructor(what: string, howToFix: string) {
    super(`${what} was not found. ${howToFix}`);
    this.howToFix = howToFix;
  }
}
