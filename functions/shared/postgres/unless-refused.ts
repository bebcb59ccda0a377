import { DependencyRefusedError } from '../errors.ts';

/**
 * Writes a row as it is told; where Postgres will never take that (a text of somebody's with U+0000,
 * say), the same row in words of our own. A refusal is no outage: the first would be refused for ever.
 *
 * @throws what the last write met.
 */
export async function unlessRefused<Result>(
  asTold: () => Promise<Result>,
  inOwnWords: () => Promise<Result>,
): Promise<Result> {
  return await asTold().catch((error: unknown) => {
    if (error instanceof DependencyRefusedError) return inOwnWords();
    throw error;
  });
}
