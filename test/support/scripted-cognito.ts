import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface WireAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface ScriptedCognito {
  readonly client: CognitoIdentityProviderClient;
  /** What InitiateAuth was asked, oldest first. */
  readonly asked: readonly Readonly<Record<string, unknown>>[];
  readonly headers: readonly WireRequest['headers'][];
  /** The next answers, in turn; the last one stays. An Error means that no answer came. */
  answersWith(...answers: readonly (WireAnswer | Error)[]): void;
}

/** The real SDK client before a Cognito that says what it is told: only the network is missing. */
export function scriptedCognito(): ScriptedCognito {
  const asked: Record<string, unknown>[] = [];
  const headers: WireRequest['headers'][] = [];
  let answers: (WireAnswer | Error)[] = [];
  const handle = (request: WireRequest) => {
    asked.push(JSON.parse(new TextDecoder().decode(request.body)) as Record<string, unknown>);
    headers.push(request.headers);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer instanceof Error) return Promise.reject(answer);
    const body = Buffer.from(JSON.stringify(answer.body));
    const response = { statusCode: answer.status, headers: { 'x-amzn-requestid': '1' }, body };
    return Promise.resolve({ response });
  };
  const client = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    maxAttempts: 1,
    requestHandler: { handle } as never,
  });
  return {
    client,
    asked,
    headers,
    answersWith: (...next) => {
      answers = [...next];
    },
  };
}

export const cognitoError = (name: string, message: string, status = 400): WireAnswer => ({
  status,
  body: { __type: name, message },
});

/** An answer of InitiateAuth with every field of the API reference (read 2026-11); `changes` to some. */
export const cognitoAnswer = (changes: Readonly<Record<string, unknown>> = {}): WireAnswer => ({
  status: 200,
  body: {
    ChallengeName: null,
    Session: null,
    ChallengeParameters: {},
    AvailableChallenges: null,
    AuthenticationResult: null,
    ...changes,
  },
});

export const cognitoTokens = (idToken: string) => ({
  AccessToken: 'access-token',
  ExpiresIn: 3600,
  TokenType: 'Bearer',
  RefreshToken: 'refresh-token',
  IdToken: idToken,
  NewDeviceMetadata: { DeviceKey: 'us-east-1_a-device', DeviceGroupKey: 'a-group' },
});

export const cognitoTokensAnswer = (idToken: string): WireAnswer =>
  cognitoAnswer({ AuthenticationResult: cognitoTokens(idToken) });

/** The same sign-in as Cognito may write it: fields left out, null or empty. */
export const cognitoTokensForms: Readonly<Record<string, (idToken: string) => WireAnswer>> = {
  'every field': cognitoTokensAnswer,
  'only those that are used': (IdToken) => ({
    status: 200,
    body: { AuthenticationResult: { IdToken, ExpiresIn: 3600 }, ChallengeParameters: {} },
  }),
  'the others empty': (idToken) =>
    cognitoAnswer({
      ...{ ChallengeName: '', Session: '', ChallengeParameters: null, AvailableChallenges: [] },
      AuthenticationResult: {
        ...cognitoTokens(idToken),
        ...{ AccessToken: '', TokenType: '', RefreshToken: '', NewDeviceMetadata: {} },
      },
    }),
  'the others null': (idToken) =>
    cognitoAnswer({
      ChallengeParameters: null,
      AuthenticationResult: {
        ...cognitoTokens(idToken),
        ...{ AccessToken: null, TokenType: null, RefreshToken: null, NewDeviceMetadata: null },
      },
    }),
  'no life': (IdToken) => cognitoAnswer({ AuthenticationResult: { IdToken, ExpiresIn: null } }),
};
