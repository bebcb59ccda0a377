import type { Random } from '#test/crash/random.ts';
import type { Mutation } from './mutation.ts';

/** The mistakes of one kind by their sort: a property of the stack, or a file. */
export type Stratum = ReadonlyMap<string, readonly Mutation[]>;

/** Draws evenly from the kinds, then from the sorts of a kind, then one of a sort; none twice. */
export function draw(strata: readonly Stratum[], count: number, random: Random): Mutation[] {
  const rest = strata.map((stratum) => [...stratum.values()].map((mutations) => [...mutations]));
  const drawn: Mutation[] = [];
  for (let at = 0; drawn.length < count && rest.some((sorts) => sorts.length > 0); at++) {
    const sorts = rest[at % rest.length] ?? [];
    const sort = sorts.length === 0 ? undefined : random.pick(sorts);
    if (sort === undefined) continue;
    const mutation = random.pick(sort);
    sort.splice(sort.indexOf(mutation), 1);
    if (sort.length === 0) sorts.splice(sorts.indexOf(sort), 1);
    drawn.push(mutation);
  }
  return drawn;
}
