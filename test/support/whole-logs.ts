import type { LocalClients } from '#infra/local/clients.ts';
import { eventually } from '#infra/local/eventually.ts';
import { readLogTexts, toLogLine, type LogText } from '#infra/local/function-log.ts';

/** Whose logs, from when on, and what sets each of these functions to work once more. */
export interface Logging {
  readonly functionNames: readonly string[];
  readonly since: Date;
  readonly poke: () => Promise<unknown>;
}

/**
 * All that functions have logged of what was over before this call; only then can a test say what
 * their logs do not have. A log is written after its answer was given, in the order in which the
 * invocations of its function end: with a line of a later invocation, those before are there. Lines
 * bear the clock of this machine, as the tests do.
 */
export async function wholeLogs(
  clients: LocalClients,
  { functionNames, since, poke }: Logging,
): Promise<readonly (readonly LogText[])[]> {
  const pokedAtMs = Date.now();
  await poke();
  const isLater = ({ text }: LogText) =>
    toLogLine(text).some(({ timestamp }) => Date.parse(timestamp) > pokedAtMs);
  return await Promise.all(
    functionNames.map((name) =>
      eventually(async () => {
        const texts = await readLogTexts(clients, name, since);
        return texts.some(isLater) ? texts : undefined;
      }, `a later line in the log of ${name}`),
    ),
  );
}
