import { matching } from '../config.ts';

/**
 * The name of a parameter that holds a secret. Not below the path of ClaroShop's tokens: there, what
 * keeps them may read, write and delete, and does so with eight of the names.
 */
export const ParameterName = matching(
  /^\/[\w.\-/]+$/,
  'expected the name of an SSM parameter, beginning with "/"',
).regex(
  /^(?!\/claroshop(\/|$))/,
  'expected a name that is not below /claroshop, the path of tokens',
);
