import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { LocalAws } from './local-aws.ts';
import { readInstanceId } from './local-stack.ts';
import { isListening } from './ports.ts';

const recordSchema = z.object({
  /** The run's marker: the reaper removes the record by it. */
  marker: z.string(),
  localAws: z.object({
    instanceId: z.string(),
    endpointUrl: z.url(),
    region: z.string(),
    accountId: z.string(),
    postgres: z.object({
      host: z.string(),
      port: z.number(),
      user: z.string(),
      password: z.string(),
      database: z.string(),
    }),
    cafe24: z.object({
      apiUrl: z.string(),
      controlUrl: z.url(),
      clientId: z.string(),
      clientSecret: z.string(),
      redirectUri: z.url(),
    }),
    claroshop: z.object({
      tokenUrl: z.url(),
      controlUrl: z.url(),
      username: z.string(),
      password: z.string(),
    }),
  }),
});

/** Writes it whole or not at all; it has passwords, so only we can read it. */
export async function writeRecord(
  file: string,
  record: z.input<typeof recordSchema>,
): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    await writeFile(temporary, JSON.stringify(record, undefined, 2), { mode: 0o600 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * The local AWS of the record, if it really runs: LocalStack answers with the recorded id of its
 * process, and Postgres and the providers accept connections.
 */
export async function readLiveRecord(file: string): Promise<LocalAws | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // One of another version of this code, whose parts are not ours, is about no local AWS of ours.
  const { data: record } = recordSchema.safeParse(parsed(text));
  if (record === undefined) return undefined;
  const { localAws } = record;
  const { instanceId, endpointUrl, postgres, cafe24, claroshop } = localAws;
  const proofs = await Promise.all([
    readInstanceId(endpointUrl).then(
      (id) => id === instanceId,
      () => false,
    ),
    isListening(postgres.port),
    isListening(Number(new URL(cafe24.controlUrl).port)),
    isListening(Number(new URL(claroshop.controlUrl).port)),
  ]);
  return proofs.every(Boolean) ? localAws : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
