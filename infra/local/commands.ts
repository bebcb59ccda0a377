import { execFileSync } from 'node:child_process';
import type { StackOutputs } from '../outputs.ts';
import { DEMO_MALL } from './demonstration.ts';
import type { LocalAws } from './local-aws.ts';

/** A command for a POSIX shell that works as it is printed. */
export interface PasteableCommand {
  readonly purpose: string;
  readonly tool: 'aws' | 'npm';
  readonly text: string;
}

/** What a user can try against the deployed local stack. */
export function pasteableCommands(
  { endpointUrl, region }: LocalAws,
  { busName, exchangeCafe24Code }: StackOutputs,
): readonly PasteableCommand[] {
  // Version 1 of the AWS CLI ignores AWS_ENDPOINT_URL for SQS: it would call the real AWS.
  const aws = `AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url ${endpointUrl} --region ${region}`;
  const code = `$(npm run --silent authorize -- ${DEMO_MALL})`;
  const detail = `{\\"mallId\\":\\"${DEMO_MALL}\\",\\"code\\":\\"${code}\\"}`;
  const entry = [
    `\\"EventBusName\\":\\"${busName}\\"`,
    `\\"Source\\":\\"my-shop\\"`,
    `\\"DetailType\\":\\"AuthorizationCodeArrived\\"`,
    `\\"Detail\\":\\"${detail.replaceAll('\\"', '\\\\\\"')}\\"`,
  ].join(',');
  const table = 'select mall_id, version, expires_at, status from cafe24.oauth_tokens';
  return [
    {
      purpose: 'Publish a fresh authorization code',
      tool: 'aws',
      text: `${aws} events put-events --entries "[{${entry}}]"`,
    },
    {
      purpose: 'Send one to the queue instead',
      tool: 'aws',
      text: `${aws} sqs send-message --queue-url ${exchangeCafe24Code.queueUrl} --message-body "${detail}"`,
    },
    { purpose: 'Look at the rows', tool: 'npm', text: `npm run sql -- "${table}"` },
    {
      purpose: 'Look into the dead-letter queue',
      tool: 'aws',
      text: `${aws} sqs receive-message --queue-url ${exchangeCafe24Code.deadLetterQueueUrl} --message-attribute-names All --visibility-timeout 0`,
    },
  ];
}

/** How to get a tool that is not on this machine; `undefined` when it is. */
export function howToGet(tool: PasteableCommand['tool']): string | undefined {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${tool} is not installed here: pip install awscli (or the AWS CLI of your system).`;
  }
}
