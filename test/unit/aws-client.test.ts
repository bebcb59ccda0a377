import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

/** Of the house's own configuration, the one rule; the types that other rules read are left out. */
const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-syntax',
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

async function problemsOf(code: string, filePath: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  expect(result?.fatalErrorCount).toBe(0);
  return result!.messages.map(({ message }) => message);
}

describe('an AWS client that is made without limits', () => {
  test.each([
    'new SQSClient()',
    'new SQSClient({ maxAttempts: 1 })',
    'new sdk.SQSClient({})',
    "import { SQS } from '@aws-sdk/client-sqs'; new SQS({})",
    "import { DynamoDB as Table } from '@aws-sdk/client-dynamodb'; new Table({})",
  ])('is refused by the linter, wherever in functions/ it is planted: %s', async (code) => {
    for (const file of [
      'functions/record-sla-errors/handler.ts',
      'functions/shared/sqs/worker.ts',
      'functions/shared/dynamodb/a-new-file.ts',
    ]) {
      expect(await problemsOf(code, file)).toEqual([expect.stringContaining('awsClient')]);
    }
  });

  test.each(['awsClient(SQSClient)', 'new pg.Client(settings)', 'new SendMessageCommand(input)'])(
    'is none of these: %s',
    async (code) => {
      expect(await problemsOf(code, 'functions/shared/postgres/database.ts')).toEqual([]);
    },
  );
});
