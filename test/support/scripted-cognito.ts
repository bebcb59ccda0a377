import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface WireAnswer {
  readonly status: number;
  readonly body: object;
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

export const cognitoTokensAnswer = (idToken: string): WireAnswer => ({
  status: 200,
  body: {
    AuthenticationResult: {
      IdToken: idToken,
      AccessToken: 'access-token',
      RefreshToken: 'refresh-token',
      ExpiresIn: 3600,
      TokenType: 'Bearer',
    },
    ChallengeParameters: {},
  },
});
