import type { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { StoredGrant } from './stored-grant.ts';

/** A grant was rotated and is stored. Withdraws a ReauthorizationRequired of a lower version. */
export const TokenRefreshed = defineEvent('TokenRefreshed', StoredGrant);
export type TokenRefreshed = z.infer<typeof TokenRefreshed.schema>;
