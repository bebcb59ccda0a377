import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

export interface PublishedEvent {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly detail: Record<string, unknown>;
}

/** What becomes of one call: an error code for each entry that is refused, or a failed call. */
export type BusFault = Error | ((index: number) => string | undefined);

interface WireEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/**
 * The real SDK client before an EventBridge in memory, which takes everything but what its faults
 * say, and refuses a whole call over EventBridge's quotas (10 entries, 256 KB).
 */
export function scriptedEventBus() {
  const published: PublishedEvent[] = [];
  const calls: { readonly entries: number; readonly bytes: number }[] = [];
  let faults: BusFault[] = [];

  function put(entries: readonly WireEntry[]) {
    const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.Detail), 0);
    calls.push({ entries: entries.length, bytes });
    if (entries.length > 10 || bytes > 256 * 1024) return { __type: 'ValidationException' };
    const fault = faults.shift();
    if (fault instanceof Error) throw fault;
    const results = entries.map(({ Detail, ...entry }, index) => {
      const code = fault?.(index);
      if (code !== undefined) return { ErrorCode: code, ErrorMessage: 'refused' };
      published.push({ ...entry, detail: JSON.parse(Detail) as Record<string, unknown> });
      return { EventId: `event-${published.length}` };
    });
    const failed = results.filter((result) => !('EventId' in result));
    return { FailedEntryCount: failed.length, Entries: results };
  }

  async function handle(request: { readonly body: Uint8Array }) {
    await Promise.resolve();
    const { Entries } = JSON.parse(new TextDecoder().decode(request.body)) as {
      Entries: WireEntry[];
    };
    const answer = put(Entries);
    const statusCode = '__type' in answer ? 400 : 200;
    return { response: { statusCode, headers: {}, body: Buffer.from(JSON.stringify(answer)) } };
  }

  const client = new EventBridgeClient({
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { handle } as never,
  });
  return {
    client,
    published: published as readonly PublishedEvent[],
    calls: calls as readonly { readonly entries: number; readonly bytes: number }[],
    /** For the next calls, in turn; after them all goes well. */
    failsWith: (...next: readonly BusFault[]) => {
      faults = [...next];
    },
  };
}
export type ScriptedEventBus = ReturnType<typeof scriptedEventBus>;
