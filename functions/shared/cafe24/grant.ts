/** What Cafe24 issues: the columns of `cafe24.oauth_tokens` that a grant fills. */
export interface Cafe24Grant {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly clientId: string | undefined;
  readonly mallId: string;
  readonly userId: string | undefined;
  readonly scopes: readonly string[];
  readonly tokenType: string;
  readonly issuedAt: Date;
}
