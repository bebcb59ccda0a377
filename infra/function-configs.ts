import type { z } from 'zod';
import { Config as AnnounceCafe24Codes } from '#functions/announce-cafe24-codes/config.ts';
import { Config as AuthenticateUser } from '#functions/authenticate-user/config.ts';
import { Config as BackfillSlaErrors } from '#functions/backfill-sla-errors/config.ts';
import { Config as ExchangeCafe24Code } from '#functions/exchange-cafe24-code/config.ts';
import { Config as FindSlaErrors } from '#functions/find-sla-errors/config.ts';
import { Config as MigrateDatabase } from '#functions/migrate-database/config.ts';
import { Config as ObtainClaroshopToken } from '#functions/obtain-claroshop-token/config.ts';
import { Config as ReceiveCafe24Code } from '#functions/receive-cafe24-code/config.ts';
import { Config as RecordSlaErrors } from '#functions/record-sla-errors/config.ts';
import { Config as RecoverCafe24Grants } from '#functions/recover-cafe24-grants/config.ts';
import { Config as RefreshCafe24Token } from '#functions/refresh-cafe24-token/config.ts';
import { Config as RefreshClaroshopToken } from '#functions/refresh-claroshop-token/config.ts';
import { Config as StartCafe24Authorization } from '#functions/start-cafe24-authorization/config.ts';
import { Config as SubmitSlaErrors } from '#functions/submit-sla-errors/config.ts';
import { Config as WarnCafe24Expiry } from '#functions/warn-cafe24-expiry/config.ts';
import { Config as WarnClaroshopExpiry } from '#functions/warn-claroshop-expiry/config.ts';

/** What each function reads of its environment, by the function's name. */
export const FUNCTION_CONFIGS: Readonly<Record<string, z.ZodObject>> = {
  'announce-cafe24-codes': AnnounceCafe24Codes,
  'authenticate-user': AuthenticateUser,
  'backfill-sla-errors': BackfillSlaErrors,
  'exchange-cafe24-code': ExchangeCafe24Code,
  'find-sla-errors': FindSlaErrors,
  'migrate-database': MigrateDatabase,
  'obtain-claroshop-token': ObtainClaroshopToken,
  'receive-cafe24-code': ReceiveCafe24Code,
  'record-sla-errors': RecordSlaErrors,
  'recover-cafe24-grants': RecoverCafe24Grants,
  'refresh-cafe24-token': RefreshCafe24Token,
  'refresh-claroshop-token': RefreshClaroshopToken,
  'start-cafe24-authorization': StartCafe24Authorization,
  'submit-sla-errors': SubmitSlaErrors,
  'warn-cafe24-expiry': WarnCafe24Expiry,
  'warn-claroshop-expiry': WarnClaroshopExpiry,
};
