import { z } from 'zod';
import {
  Cafe24Malls,
  Cafe24RedirectUri,
  Cafe24Scopes,
  cafe24Variables,
} from '#shared/cafe24/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  CAFE24_API_URL: cafe24Variables.CAFE24_API_URL,
  CAFE24_CLIENT_ID: cafe24Variables.CAFE24_CLIENT_ID,
  CAFE24_MALLS: Cafe24Malls,
  /** As registered with Cafe24, to the letter; on the host that the browser finds us at. */
  CAFE24_REDIRECT_URI: Cafe24RedirectUri,
  CAFE24_SCOPES: Cafe24Scopes,
});
export type Config = z.infer<typeof Config>;
