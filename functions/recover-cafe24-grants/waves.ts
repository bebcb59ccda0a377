/** Items that depend on those before them of the same subject, and on no others. */
export interface Chains<Item> {
  readonly subjectOf: (item: Item) => string;
  /** How many are worked on at the same time. */
  readonly atOnce: number;
}

/**
 * Cuts items into waves, of each subject one at a time and in their order; without chains, one item a
 * wave. Whoever asks for the next wave tells which items of the last one failed: their chains end.
 */
export function* wavesOf<Item>(
  items: readonly Item[],
  chains?: Chains<Item>,
): Generator<readonly Item[], void, readonly Item[] | undefined> {
  if (chains === undefined) {
    for (const item of items) yield [item];
    return;
  }
  let waiting = items;
  while (waiting.length > 0) {
    const [wave, later] = cutWave(waiting, chains);
    const failed = new Set((yield wave)?.map(chains.subjectOf));
    waiting = later.filter((item) => !failed.has(chains.subjectOf(item)));
  }
}

function cutWave<Item>(
  items: readonly Item[],
  { subjectOf, atOnce }: Chains<Item>,
): readonly [wave: readonly Item[], later: readonly Item[]] {
  const wave = new Map<string, Item>();
  const later = items.filter((item) => {
    const subject = subjectOf(item);
    if (wave.size === atOnce || wave.has(subject)) return true;
    wave.set(subject, item);
    return false;
  });
  return [[...wave.values()], later];
}
