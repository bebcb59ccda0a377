import { preludes } from '../scripted-provider/preludes.ts';
import type { Configuration } from './switches.ts';

const NUL = '\u0000';

/** Answers as servers in the wild wrote them, each a grant that has to be kept (sources: cases C06, C25). */
export const cafe24Oddities = {
  'status 201': { grantStatus: 201 },
  'a byte order mark': { prelude: preludes['a byte order mark'] },
  'a notice in HTML': { prelude: preludes['a notice in HTML'] },
  'a warning in text': { prelude: preludes['a warning in text'] },
  'a whole page': { prelude: preludes['a whole page'] },
  'offsets without a colon': { shownTimes: 'compact' },
  'epochs in seconds': { shownTimes: 'seconds' },
  'epochs in milliseconds': { shownTimes: 'milliseconds' },
  'times that can not be read': { shownTimes: 'unreadable' },
  'no times': { omit: ['refresh_token_expires_at', 'issued_at', 'expires_at'] },
  'no mall_id': { omit: ['mall_id'] },
  'ids in upper case': { shownIds: 'upper' },
  'no client_id': { omit: ['client_id'] },
  'scopes as text with commas': { shownScopes: 'commas' },
  'scopes as text with blanks': { shownScopes: 'blanks' },
  'a user_id that no store takes': { fields: { user_id: `admin${NUL}of` } },
  'scopes that no store takes': { fields: { scopes: [`mall.read${NUL}`] } },
  'null for all that is optional': {
    fields: {
      ...{ expires_at: null, refresh_token_expires_at: null, issued_at: null, client_id: null },
      ...{
        mall_id: null,
        user_id: null,
        scopes: null,
        shop_no: null,
        token_type: null,
        error: null,
      },
    },
  },
} as const satisfies Record<string, Configuration>;

/** What has spent the code or the token and is no grant that may be kept: nobody may post it again. */
export const cafe24Losses = {
  'the grant of another mall': { fields: { mall_id: 'somebody-elses' } },
  'tokens that no store takes': { fields: { refresh_token: `token${NUL}` } },
  'a grant that is cut': { cutToBytes: 60 },
  'a grant that is cut behind a notice': { prelude: preludes['a notice in HTML'], cutToBytes: 160 },
  nothing: { cutToBytes: 0 },
} as const satisfies Record<string, Configuration>;
