import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answers.ts';
import type { WireSwitches } from './wire-switches.ts';

/** Writes the answer the way the switches want it; `signal` ends a slow one. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  {
    trickleMs,
    padBytes,
    cutToBytes,
    signal,
  }: Pick<WireSwitches, 'trickleMs' | 'padBytes' | 'cutToBytes'> & Ending,
): Promise<void> {
  if (answer.kind === 'hang') return;
  if (answer.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const whole = Buffer.concat([Buffer.from(answer.body), Buffer.alloc(padBytes, ' ')]);
  const body = whole.subarray(0, cutToBytes ?? whole.length);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  if (trickleMs > 0) await trickle(response, body, { trickleMs, signal });
  else response.end(body);
}

interface Ending {
  readonly signal: AbortSignal;
}

async function trickle(
  response: ServerResponse,
  body: Buffer,
  { trickleMs, signal }: { trickleMs: number } & Ending,
): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += 1) {
    response.write(body.subarray(at, at + 1));
    await wait(trickleMs, undefined, { signal });
  }
  response.end();
}
