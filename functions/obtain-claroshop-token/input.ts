import { z } from 'zod';
import { AccountField } from '#events/account.ts';

/** What the caller may say; whatever else he sends says nothing. */
const Input = z.looseObject({ account: AccountField });

/** What a schedule or a rule sends. Its `account` is that of AWS. */
const AwsEvent = z.looseObject({ source: z.string(), 'detail-type': z.string() });

/** @returns the default account for whatever names none; `undefined` for what can't be an account. */
export function inputToAccount(input: unknown): string | undefined {
  const isAsked = typeof input === 'object' && !AwsEvent.safeParse(input).success;
  return Input.safeParse(isAsked ? (input ?? {}) : {}).data?.account;
}
