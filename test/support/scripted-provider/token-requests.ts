import type { Clock } from '#shared/clock.ts';
import type { Answer } from './answers.ts';
import type { FormRequest } from './form.ts';
import type { WireSwitches } from './wire-switches.ts';

/** A token request as a provider remembers it. Every `…At` is an ISO-8601 UTC string. */
export interface TokenRequestRecord {
  readonly receivedAt: string;
  /** As it was sent, null when it was not. */
  readonly grantType: string | null;
  /** Of the answer; null: there is none, or none yet. */
  status: number | null;
  /** The OAuth error that its grant was refused with. */
  error: string | null;
  /** `client-gone`: the client closed the connection before the answer was written. */
  end: 'pending' | 'answered' | 'reset' | 'client-gone';
  endedAt: string | null;
}

export interface RequestMemory<GrantType extends string, Entry extends TokenRequestRecord> {
  /** Every token request whose body arrived, in that order. */
  readonly requests: Entry[];
  /** Token requests that have no end yet. */
  readonly inFlight: Record<GrantType, number>;
  /** The most that were in flight at a time. */
  readonly maxInFlight: Record<GrantType, number>;
}

/** A token request from its arrival to its end. */
export interface OpenTokenRequest {
  /** What holds for this request; it has used up its share of an episode. */
  readonly switches: WireSwitches;
  /** Judges it now and issues what is due; call it once. */
  readonly answer: () => Answer;
  readonly finish: Finish;
}

/** Says how it went; what is said after the first end is ignored. */
type Finish = (end: Exclude<TokenRequestRecord['end'], 'pending'>) => void;

export function newRecord({ body }: FormRequest, clock: Clock): TokenRequestRecord {
  return {
    receivedAt: clock().toISOString(),
    grantType: new URLSearchParams(body).get('grant_type'),
    status: null,
    error: null,
    end: 'pending',
    endedAt: null,
  };
}

/** Remembers the request and counts it as in flight until it is finished. */
export function openRecord<GrantType extends string, Entry extends TokenRequestRecord>(
  memory: RequestMemory<GrantType, Entry>,
  record: Entry,
  clock: Clock,
): Finish {
  const { requests, inFlight, maxInFlight } = memory;
  const isCounted = (name: string | null): name is GrantType =>
    name !== null && Object.hasOwn(inFlight, name);
  const counted = isCounted(record.grantType) ? record.grantType : null;
  requests.push(record);
  if (counted) {
    inFlight[counted] += 1;
    maxInFlight[counted] = Math.max(maxInFlight[counted], inFlight[counted]);
  }
  return (end) => {
    if (record.end !== 'pending') return;
    record.end = end;
    record.endedAt = clock().toISOString();
    if (counted) inFlight[counted] -= 1;
  };
}
