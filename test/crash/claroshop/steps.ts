const ATTEMPT = `read-bundle read-names put-bundle put-name delete-name begin declare give-back take-over leave succeed
  commit close refuse-credentials credentials-mark end-lease mark-published
  escrow-put escrow-read escrow-delete escrow-list read-credentials post publish`;

/** Every step on stores in memory, as `role/step`: a full run stops each of them often. */
export const EVERY_STEP: readonly string[] = Object.entries({
  refresh: `wish ${ATTEMPT}`,
  obtain: `standing ${ATTEMPT}`,
  warn: `escrow-list escrow-read escrow-delete read-bundle read-names put-bundle put-name delete-name
    standing begin give-back take-over leave unpublished commit close credentials-mark end-lease mark-published publish
    publish-warning`,
}).flatMap(([role, names]) => names.split(/\s+/).map((name) => `${role}/${name}`));
