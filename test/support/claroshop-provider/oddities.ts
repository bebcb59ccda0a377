import { preludes } from '../scripted-provider/preludes.ts';
import type { Configuration } from './switches.ts';

const NUL = '\u0000';

/** Answers as servers in the wild wrote them, each a grant that has to be kept (sources: case C06). */
export const claroshopOddities = {
  'status 201': { grantStatus: 201 },
  'a byte order mark': { prelude: preludes['a byte order mark'] },
  'a notice in HTML': { prelude: preludes['a notice in HTML'] },
  'a warning in text': { prelude: preludes['a warning in text'] },
  'a whole page': { prelude: preludes['a whole page'] },
  'lifetimes that can not be read': { fields: { expires_in: 'soon', refresh_expires_in: {} } },
  'lifetimes as text': { fields: { expires_in: '300', refresh_expires_in: ' 1800.0 ' } },
  'descriptions that no store takes': {
    fields: { scope: `profile${NUL}email`, session_state: `a${NUL}`, token_type: `Bearer${NUL}` },
  },
  'null for all that is optional': {
    fields: {
      ...{ expires_in: null, refresh_expires_in: null, token_type: null, scope: null },
      ...{ session_state: null, 'not-before-policy': null, error: null },
    },
  },
} as const satisfies Record<string, Configuration>;

/** What has spent the token and is no grant that may be kept. */
export const claroshopLosses = {
  'tokens that no store takes': { fields: { access_token: `token${NUL}` } },
  'a grant that is cut': { cutToBytes: 60 },
  'a grant that is cut behind a notice': { prelude: preludes['a notice in HTML'], cutToBytes: 160 },
  nothing: { cutToBytes: 0 },
} as const satisfies Record<string, Configuration>;
