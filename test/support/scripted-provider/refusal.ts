/** The OAuth error that the provider answers with. Its message is the `error_description`. */
export class OAuthRefusal extends Error {
  override readonly name = 'OAuthRefusal';
  readonly status: number;
  readonly error: string;

  constructor({ status, error }: { status: number; error: string }, description: string) {
    super(description);
    this.status = status;
    this.error = error;
  }
}

export const invalidRequest = (description: string) =>
  new OAuthRefusal({ status: 400, error: 'invalid_request' }, description);

export const invalidGrant = (description: string) =>
  new OAuthRefusal({ status: 400, error: 'invalid_grant' }, description);
