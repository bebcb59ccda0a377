import { z } from 'zod';

/** Cafe24's name of a mall. It becomes part of a host name, so nothing else may pass. */
export const MallId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/,
    'expected a mall id: 3 to 50 of a-z, 0-9 and "-", the first and the last no "-"',
  );
