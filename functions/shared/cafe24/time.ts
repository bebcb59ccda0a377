import { z } from 'zod';

const DATE_AND_TIME =
  /^(?<date>\d{4}-\d\d-\d\d)[T ]+(?<time>\d\d:\d\d:\d\d(?:\.\d+)?) ?(?:(?<utc>Z)|(?<hours>[+-]\d\d):?(?<minutes>\d\d)?)?$/i;

/** Korean time, where nothing else is said (measured, domain facts of 2026-11). */
const KST = '+09:00';

/** `new Date` would read a text without an offset in the process's own zone: nine hours wrong in Lambda. */
const WallTime = z
  .string()
  .transform((text) => toIso(DATE_AND_TIME.exec(text.trim())?.groups ?? {}))
  .pipe(z.iso.datetime({ offset: true }));

function toIso({ date, time, utc, hours, minutes = '00' }: Record<string, string | undefined>) {
  const offset = hours === undefined ? KST : `${hours}:${minutes}`;
  return `${date ?? ''}T${time ?? ''}${utc === undefined ? offset : 'Z'}`;
}

/** Seconds have ten digits from 2001 to 2286, milliseconds thirteen; whatever has fewer is a duration. */
const Epoch = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^\d+(?:\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().min(1e9).lt(1e13))
  .transform((epoch) => (epoch < 1e11 ? epoch * 1_000 : epoch));

/**
 * A time of Cafe24: `2026-03-01T14:00:00.000` in Korean time, or with `Z` or an offset (`+09:00`,
 * `+0900`, `+09`), with a space for the `T`; or an epoch in seconds or milliseconds.
 */
export const Cafe24Time = z
  .union([Epoch, WallTime])
  .transform((value) => new Date(value))
  .refine((time) => !Number.isNaN(time.getTime()));
