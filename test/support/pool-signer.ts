import { importPKCS8, importSPKI } from 'jose';
import { installLocalStack } from '#infra/local/local-stack-install.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { runCommand } from '#infra/local/run-command.ts';
import { tokenSigner, type TokenSigner } from './token-issuer.ts';

/** All pools of a LocalStack sign with the one key that its package brings along. */
const READ_KEY = `
import json
from joserfc.jwk import RSAKey
from moto.utilities.utils import load_resource
source = load_resource("moto.cognitoidp", "resources/jwks-private.json")
key = RSAKey.import_key(source)
pem = lambda private: key.as_pem(private=private).decode()
print(json.dumps({"kid": source["kid"], "privatePem": pem(True), "publicPem": pem(False)}))
`;

interface PoolKey {
  readonly kid: string;
  readonly privatePem: string;
  readonly publicPem: string;
}

/** Signs as the deployed pool does: what it makes is forged in exactly what a test says. */
export async function poolSigner(
  pool: Pick<TokenSigner, 'issuer' | 'clientId'>,
): Promise<TokenSigner> {
  const { python } = await installLocalStack(quietProgress);
  const output = await runCommand(python, ['-c', READ_KEY]);
  const { kid, privatePem, publicPem } = JSON.parse(output) as PoolKey;
  const options = { extractable: true };
  const [privateKey, publicKey] = await Promise.all([
    importPKCS8(privatePem, 'RS256', options),
    importSPKI(publicPem, 'RS256', options),
  ]);
  return tokenSigner({ ...pool, key: () => ({ kid, privateKey, publicKey }) });
}
