import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { Account, DEFAULT_ACCOUNT } from '../events/account.ts';
import { TokenUnavailableError, type TokenUnavailableReason } from './errors.ts';
import { LEAST_LIFE_MS, type StoredToken } from './token-cache.ts';

/** An access token that lives. */
export interface ClaroshopToken {
  readonly account: string;
  readonly accessToken: string;
  /** As ClaroShop spells it, e.g. `Bearer`. */
  readonly tokenType: string;
  /** Rises with each stored grant; who reports a token as rejected names it. */
  readonly version: number;
  readonly expiresAt: Date;
}

/** As much of the bundle as reading takes. */
const Bundle = z.object({
  access_token: z.string().min(1),
  token_type: z.string(),
  expires_at: z.iso.datetime().transform((text) => new Date(text)),
});

/**
 * Reads the account's bundle: one parameter, so that its fields always belong together.
 *
 * @throws {@link TokenUnavailableError}
 */
export async function readTokenBundle(
  account: string,
  { ssm, clock }: { readonly ssm: Pick<SSMClient, 'send'>; readonly clock: () => Date },
): Promise<StoredToken<ClaroshopToken>> {
  const unavailable = (reason: TokenUnavailableReason) =>
    new TokenUnavailableError({ provider: 'claroshop', subject: account, reason });
  if (!Account.safeParse(account).success) throw unavailable('no-grant');
  const { value, version } = await readParameter(bundleName(account), ssm);
  if (value === undefined || version === undefined) throw unavailable('no-grant');
  const read = Bundle.safeParse(parseJson(value));
  if (!read.success) throw unavailable('unreadable');
  const { access_token: accessToken, token_type: tokenType, expires_at: expiresAt } = read.data;
  const livesUntilMs = expiresAt.getTime();
  if (livesUntilMs - clock().getTime() < LEAST_LIFE_MS) throw unavailable('expired');
  return { token: { account, accessToken, tokenType, version, expiresAt }, livesUntilMs };
}

function bundleName(account: string): string {
  return account === DEFAULT_ACCOUNT ? '/claroshop/token' : `/claroshop/accounts/${account}/token`;
}

async function readParameter(name: string, ssm: Pick<SSMClient, 'send'>) {
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const answer = await ssm.send(command).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
    throw error;
  });
  return { value: answer?.Parameter?.Value, version: answer?.Parameter?.Version };
}

/** Without the parser's error, which would show some of the text; a byte order mark is an editor's. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch {
    return undefined;
  }
}
