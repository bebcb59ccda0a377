import { z } from 'zod';
import { slaFileFields } from '#events/sla-error-submitted.ts';
import { parseCreationDate } from '#shared/sla/creation-date.ts';
import { whyNoCreationDate } from '#shared/sla/why-no-creation-date.ts';
import { anObject, withUnwrappedFields } from '#shared/http/powershell.ts';

const { folder, sla, filename, creationDate } = slaFileFields;

/** What the files of a folder have in common. */
export const Folder = withUnwrappedFields(z.object({ folder, sla }));

/** One file of a folder, by the fields of the event: what passes here passes there. */
export function fileIn(zone: string) {
  const isRead = (text: string) => parseCreationDate(text, zone) !== undefined;
  return withUnwrappedFields(
    anObject('filename and creationDate', {
      filename,
      creationDate: creationDate.refine(isRead, {
        error: ({ input }) => whyNoCreationDate(String(input)),
      }),
    }),
  );
}
