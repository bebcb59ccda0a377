import { SSMClient } from '@aws-sdk/client-ssm';
import { inject } from 'vitest';
import { ssmParameters } from '#shared/ssm/parameters.ts';
import { describeClaroshopTokens } from '#test/support/claroshop/tokens-suite.ts';

describeClaroshopTokens('tokens in Parameter Store', () => {
  const { endpointUrl: endpoint, region } = inject('localAws');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return ssmParameters(new SSMClient({ endpoint, region, credentials, maxAttempts: 1 }));
});
