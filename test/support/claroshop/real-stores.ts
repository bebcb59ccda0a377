import { SSMClient } from '@aws-sdk/client-ssm';
import { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { dynamoDbEscrow } from '#shared/dynamodb/escrow.ts';
import { ssmParameters } from '#shared/ssm/parameters.ts';
import { localDynamoDb } from '../sla-table.ts';
import { createAttemptsTable } from './attempts-table.ts';
import type { StoresOf } from './claroshop-world.ts';
import { createEscrowTable } from './escrow-table.ts';
import { parameterLag } from './parameter-lag.ts';

/**
 * DynamoDB Local and LocalStack's Parameter Store; each of their calls is a step of its process.
 *
 * @param oldReads so many reads of a parameter say, after a change, what was there before.
 */
export async function realStores(
  { endpointUrl: endpoint, region }: { endpointUrl: string; region: string },
  oldReads = 0,
) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const ssm = new SSMClient({ endpoint, region, credentials, maxAttempts: 1 });
  const dynamoDb = localDynamoDb(endpoint, 3);
  const table = await createAttemptsTable(dynamoDb);
  const escrowTable = await createEscrowTable(dynamoDb);
  const seen = parameterLag(oldReads);
  const storesOf: StoresOf = (steps, clock) => {
    const stepped = steps.through('dynamodb', dynamoDb);
    return {
      parameters: seen(ssmParameters(steps.through('ssm', ssm)), clock),
      truth: ssmParameters(ssm),
      escrow: dynamoDbEscrow(stepped, {
        name: escrowTable.tableName,
        provider: 'claroshop',
        grant: ClaroshopGrant,
      }),
      attemptsOf: (subject) => table.attempts(subject, clock, stepped),
    };
  };
  return { storesOf, drop: () => Promise.all([table.drop(), escrowTable.drop()]) };
}
