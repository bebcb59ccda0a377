/** What EventBridge matches of an event: fields with the values or operators, one of which must hold. */
export interface EventPattern {
  readonly [field: string]: readonly (string | object)[] | EventPattern;
}

interface Kind {
  readonly detailType: string;
}

/** Events of this kind, whoever published them. */
export function ofKind({ detailType }: Kind): EventPattern {
  return { 'detail-type': [detailType] };
}

/** Events of this kind about grants of one provider. */
export function ofProvider(kind: Kind, provider: string): EventPattern {
  return { ...ofKind(kind), detail: { provider: [provider] } };
}

/** Events of no such kind: misspelt ones, foreign ones, and those without a detail-type. */
export function ofNoKind(kinds: readonly Kind[]): EventPattern {
  return { 'detail-type': missingOrNot(kinds.map(({ detailType }) => detailType)) };
}

/** Events of this kind that name no provider, or none of these. */
export function ofNoProvider(kind: Kind, providers: readonly string[]): EventPattern {
  return { ...ofKind(kind), detail: { provider: missingOrNot(providers) } };
}

/** Events that match one of the patterns. */
export function either(...patterns: readonly [EventPattern, EventPattern]): EventPattern {
  return { $or: patterns };
}

/** `anything-but` alone does not match what is not there. */
function missingOrNot(values: readonly string[]) {
  return [{ exists: false }, { 'anything-but': values }];
}
