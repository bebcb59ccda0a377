import type { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { StoredGrant } from './stored-grant.ts';

/** A grant was obtained anew and is stored. Names no secret: readers fetch the token themselves. */
export const TokenIssued = defineEvent('TokenIssued', StoredGrant);
export type TokenIssued = z.infer<typeof TokenIssued.schema>;
