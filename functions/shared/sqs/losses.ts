import { cleaned } from '#events/text.ts';
import type { Log } from '../log.ts';
import { firstOf } from '#events/problems.ts';

/** Paths of fields that describe, and were not taken as they stood; never their values. */
export interface Losses {
  /** Left out: they can't be read. */
  readonly dropped: readonly string[];
  /** Without what no store takes. */
  readonly cleaned: readonly string[];
}

export const NO_LOSSES: Losses = { dropped: [], cleaned: [] };

export function mergeLosses(one: Losses, other: Losses): Losses {
  return {
    dropped: [...one.dropped, ...other.dropped],
    cleaned: [...one.cleaned, ...other.cleaned],
  };
}

/**
 * What a schema has left out or changed, found by comparing what was sent with what was read. A field
 * that the schema does not know is no loss; one that it knows stands in `read`, without a value where
 * it was left out.
 */
export function lossesIn(sent: unknown, read: unknown, path: readonly string[] = []): Losses {
  if (typeof sent === 'string' && typeof read === 'string') {
    const isCleaned = sent !== read && cleaned(sent) === read;
    return isCleaned ? { dropped: [], cleaned: [path.join('.')] } : NO_LOSSES;
  }
  if (!isObject(sent)) return sent == null || read !== undefined ? NO_LOSSES : dropped(path);
  if (!isObject(read)) return read === undefined ? dropped(path) : NO_LOSSES;
  const fields = Object.entries(read).map(([name, value]) =>
    lossesIn(Reflect.get(sent, name), value, [...path, name]),
  );
  return fields.reduce(mergeLosses, NO_LOSSES);
}

/** Says so in the log, with the paths alone. */
export function tellLosses(losses: Losses, log: Log): void {
  tell('message-field-dropped', losses.dropped, log);
  tell('message-field-cleaned', losses.cleaned, log);
}

function tell(message: string, paths: readonly string[], log: Log): void {
  if (paths.length > 0) log.warn(message, { paths: firstOf(paths).first.join(', ') });
}

const dropped = (path: readonly string[]): Losses => ({ dropped: [path.join('.')], cleaned: [] });

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
