import { OwnError } from '../errors.ts';

/** One thing that is wrong with a request. */
export interface Problem {
  /** `sla_error[0].files[1].creationDate`; `body` for the whole. Never quotes a value. */
  readonly path: string;
  /** What is expected there. */
  readonly message: string;
}

/** The request is not what its contract says (400). Names everything that is wrong with it. */
export class BadRequestError extends OwnError {
  override readonly name = 'BadRequestError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`The request has ${problems.length} problems.`);
    this.problems = problems;
  }
}

/** The caller has not shown who they are (401). `code` is for our log, never for the caller. */
export class AuthenticationError extends OwnError {
  override readonly name = 'AuthenticationError';
  readonly code: string;

  /** Without a cause: a JWT error carries the token's claims. */
  constructor(code: string) {
    super(`The caller is not authenticated: ${code}.`);
    this.code = code;
  }
}
