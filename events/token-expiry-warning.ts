import { z } from 'zod';
import { AccountField } from './account.ts';
import { defineEvent } from './define-event.ts';
import { defaulted, descriptive, optional } from './fields.ts';
import { Instant } from './instant.ts';
import { MallId } from './mall-id.ts';
import { MetadataField } from './metadata.ts';

const DETAIL_TYPE = 'TokenExpiryWarning';

const shared = {
  /** For readers: what decides is the version. */
  expiresAt: descriptive(Instant),
  metadata: MetadataField,
};

const OfCafe24 = z.object({
  provider: z.literal('cafe24'),
  mallId: MallId,
  version: z.int().positive(),
  /** `rejected`: a client got 401 with this version's access token. `retry`: a silent try. */
  reason: defaulted(z.enum(['expiring', 'rejected', 'retry']), 'expiring'),
  ...shared,
});

const OfClaroshop = z.object({
  provider: z.literal('claroshop'),
  account: AccountField,
  /**
   * SSM's version of the bundle, 0 where there is none. Without it the warning is about what was
   * stored when it was published.
   */
  version: optional(z.int().nonnegative()),
  /** `rejected`: a client got 401 with this version's access token. */
  reason: defaulted(z.enum(['expiring', 'rejected']), 'expiring'),
  ...shared,
});

/** Whose warnings somebody consumes. */
export const WARNED_PROVIDERS = [
  OfCafe24.shape.provider.value,
  OfClaroshop.shape.provider.value,
] as const;

const expectedProvider: z.core.$ZodErrorMap = ({ code }) =>
  code === 'invalid_union' ? `expected a provider: ${WARNED_PROVIDERS.join(' or ')}` : undefined;

/**
 * A grant needs a refresh: it comes near its end, or a client saw its access token refused.
 *
 * About one version: once a newer one is stored, the warning is overtaken.
 */
export const TokenExpiryWarning = defineEvent(
  DETAIL_TYPE,
  z.discriminatedUnion('provider', [OfCafe24, OfClaroshop], { error: expectedProvider }),
);
export type TokenExpiryWarning = z.infer<typeof TokenExpiryWarning.schema>;

/** The warning as the consumer for Cafe24 takes it: one of another provider is not its own. */
export const Cafe24ExpiryWarning = defineEvent(DETAIL_TYPE, OfCafe24);
export type Cafe24ExpiryWarning = z.infer<typeof OfCafe24>;

/** The warning as the consumer for ClaroShop takes it. */
export const ClaroshopExpiryWarning = defineEvent(DETAIL_TYPE, OfClaroshop);
export type ClaroshopExpiryWarning = z.infer<typeof OfClaroshop>;
