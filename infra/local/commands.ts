import { execFileSync } from 'node:child_process';
import type { StackOutputs } from '../outputs.ts';
import { DEMO_ACCOUNT } from './account.ts';
import { cleanEnvironment } from './clean-environment.ts';
import type { LocalAws } from './local-aws.ts';
import { DEMO_MALL } from './local-malls.ts';
import { credentials } from './settings.ts';
import { DEMO_FOLDER } from './sla-demonstration.ts';

/** A command for a POSIX shell that works as it is printed. */
export interface PasteableCommand {
  readonly purpose: string;
  readonly tool: 'aws' | 'npm' | 'curl';
  readonly text: string;
}

type Told = Pick<StackOutputs, 'apiUrl' | 'busName' | 'exchangeCafe24Code' | 'announceCafe24Codes'>;

/** What a user can try against the deployed local stack. */
export function pasteableCommands(
  { endpointUrl, region }: Pick<LocalAws, 'endpointUrl' | 'region'>,
  stack: Told,
): readonly PasteableCommand[] {
  // Version 1 of the AWS CLI ignores AWS_ENDPOINT_URL for SQS: it would call the real AWS.
  const keys = `AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`;
  const aws = `${keys} aws --endpoint-url ${endpointUrl} --region ${region}`;
  return [...codeCommands(aws, stack), ...senderCommands(stack.apiUrl)];
}

function codeCommands(
  aws: string,
  { busName, exchangeCafe24Code, announceCafe24Codes }: Told,
): readonly PasteableCommand[] {
  const code = `$(npm run --silent authorize -- ${DEMO_MALL})`;
  const detail = `{\\"mallId\\":\\"${DEMO_MALL}\\",\\"code\\":\\"${code}\\"}`;
  const entry = [
    `\\"EventBusName\\":\\"${busName}\\"`,
    `\\"Source\\":\\"my-shop\\"`,
    `\\"DetailType\\":\\"AuthorizationCodeArrived\\"`,
    `\\"Detail\\":\\"${detail.replaceAll('\\"', '\\\\\\"')}\\"`,
  ].join(',');
  const insert = `insert into cafe24.oauth_authorization_codes (mall_id, code) values ('${DEMO_MALL}', '${code}')`;
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
    {
      purpose: 'Insert one as other software does, then announce it',
      tool: 'aws',
      text: `npm run --silent sql -- "${insert}" && ${aws} lambda invoke --function-name ${announceCafe24Codes.functionName} /dev/stdout | cat`,
    },
    { purpose: 'Look at the rows', tool: 'npm', text: `npm run sql -- "${table}"` },
    {
      purpose: 'Look into the dead-letter queue',
      tool: 'aws',
      text: `${aws} sqs receive-message --queue-url ${exchangeCafe24Code.deadLetterQueueUrl} --message-attribute-names All --visibility-timeout 0`,
    },
  ];
}

/** A sender in a shell: curl and sed. */
function senderCommands(apiUrl: string): readonly PasteableCommand[] {
  const json = `-H 'Content-Type: application/json'`;
  const signIn = [
    `API=${apiUrl}`,
    `TOKEN=$(curl -sS $API/auth ${json} -d '${JSON.stringify(DEMO_ACCOUNT)}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
  ];
  const bearer = `-H "Authorization: Bearer $TOKEN"`;
  const files = [{ filename: 'a.csv', creationDate: '2024-06-15T19:25:25.1234567-05:00' }];
  const body = JSON.stringify({ sla_error: [{ folder: DEMO_FOLDER, sla: 60, files }] });
  return [
    {
      purpose: 'Sign in and report a file that is stuck',
      tool: 'curl',
      text: [...signIn, `curl -sS $API/file_sla_error ${bearer} ${json} -d '${body}'`].join('\n'),
    },
    {
      purpose: 'Sign in and find it',
      tool: 'curl',
      text: [...signIn, `curl -sS "$API/file_sla_errors?date=2024-06-15" ${bearer}`].join('\n'),
    },
  ];
}

const HOW_TO_GET = {
  aws: 'The AWS CLI is not installed here. Get it with: pip install awscli',
  curl: 'curl is not on the path: https://curl.se/download.html',
  npm: 'npm is not on the path; it comes with Node.js.',
} as const;

/** How to get a tool that is not on this machine; `undefined` when it is. */
export function howToGet(
  tool: PasteableCommand['tool'],
  program: string = tool,
): string | undefined {
  try {
    execFileSync(program, ['--version'], {
      stdio: 'ignore',
      env: cleanEnvironment(process.env),
    });
    return undefined;
  } catch {
    return HOW_TO_GET[tool];
  }
}
