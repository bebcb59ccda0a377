import type { Context } from 'aws-lambda';

/**
 * The context of an invocation as AWS documents it (Lambda developer guide, "Using the Lambda context
 * object", read 2026-11), every field of it; what only mobile applications bring is undefined.
 */
export function lambdaContext(getRemainingTimeInMillis: () => number): Context {
  const name = 'tokenline-a-function';
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:ap-northeast-2:000000000000:function:${name}`,
    memoryLimitInMB: '256',
    awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: '2026/03/01/[$LATEST]0123456789abcdef0123456789abcdef',
    identity: undefined,
    clientContext: undefined,
    getRemainingTimeInMillis,
    // Without done, fail and succeed, which are deprecated and not documented any more.
  } as Context;
}
