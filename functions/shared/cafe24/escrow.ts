import { dynamoDbClient } from '../dynamodb/client.ts';
import { dynamoDbEscrow } from '../dynamodb/escrow.ts';
import type { Escrow } from '../grants/ports.ts';
import { Cafe24Grant } from './grant.ts';

/** One try of at most 2 s is what an attempt keeps for its escrow; it repeats by itself. */
const TRIES_PER_CALL = 1;

export function cafe24Escrow(tableName: string): Escrow<Cafe24Grant> {
  const table = { name: tableName, provider: 'cafe24', grant: Cafe24Grant };
  return dynamoDbEscrow(dynamoDbClient(TRIES_PER_CALL), table);
}
