import { OAuthRefusal } from './refusal.ts';
import type { TokenRequestRecord } from './token-requests.ts';
import type { Fault, WireSwitches } from './wire-switches.ts';

export interface HttpAnswer {
  readonly kind: 'http';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What goes over the wire; `reset` destroys the connection, `hang` leaves it open and silent. */
export type Answer = HttpAnswer | { readonly kind: 'reset' } | { readonly kind: 'hang' };

export function jsonAnswer(status: number, body: unknown): HttpAnswer {
  return {
    kind: 'http',
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

export function htmlAnswer(status: number): HttpAnswer {
  return {
    kind: 'http',
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${status}</title></head><body>Not the API.</body></html>`,
  };
}

export function redirectAnswer(location: string): HttpAnswer {
  return { kind: 'http', status: 302, headers: { location }, body: '' };
}

/** A grant's answer: `fields` but those that are left out, and those that are overwritten. */
export function grantAnswer(
  fields: Readonly<Record<string, unknown>>,
  switches: Pick<WireSwitches, 'fields' | 'grantStatus' | 'prelude'> & {
    readonly omit: readonly string[];
  },
): HttpAnswer {
  const kept = Object.entries(fields).filter(([name]) => !switches.omit.includes(name));
  const shown = { ...Object.fromEntries(kept), ...switches.fields };
  const answer = jsonAnswer(switches.grantStatus, shown);
  return { ...answer, body: switches.prelude + answer.body };
}

/** @param record notes which error it was. */
export function orRefusal(act: () => Answer, record?: TokenRequestRecord): Answer {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof OAuthRefusal)) throw error;
    if (record) record.error = error.error;
    const { status, message } = error;
    return jsonAnswer(status, { error: error.error, error_description: message });
  }
}

/** Answers a token request with what `act` issues or refuses, or with the fault in its place. */
export function answerUnder(
  fault: Fault | null,
  record: TokenRequestRecord,
  act: () => Answer,
): Answer {
  const answer = issueUnder(fault, () => orRefusal(act, record));
  record.status = answer.kind === 'http' ? answer.status : null;
  return answer;
}

function issueUnder(fault: Fault | null, issue: () => Answer): Answer {
  if (fault === null) return issue();
  if (fault.afterIssuing) issue();
  return faultAnswer(fault);
}

function faultAnswer(fault: Fault): Answer {
  switch (fault.kind) {
    case 'reset':
    case 'hang':
      return { kind: fault.kind };
    case 'redirect':
      return redirectAnswer(fault.location);
    case 'html':
      return htmlAnswer(fault.status);
    case 'refusal':
      return jsonAnswer(fault.status, { error: fault.error, error_description: fault.description });
    case 'status': {
      const answer = jsonAnswer(fault.status, {
        error: 'server_error',
        error_description: 'Scripted fault',
      });
      if (fault.retryAfter === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'retry-after': fault.retryAfter } };
    }
  }
}
