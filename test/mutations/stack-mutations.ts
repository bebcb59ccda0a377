import { IN_TEXT, type StackMutation } from '#test/support/mutated-stack.ts';
import { synthesize, LOCAL_ENVIRONMENT } from '#test/support/synthesized-stack.ts';

/** What says nothing of how the stack works: comments of cdktf, tags, and texts for people. */
const WITHOUT_MEANING = new Set([
  '//',
  'tags',
  'description',
  'alarm_description',
  'error_message',
]);
/** What has all that a stage can have. */
const PROD = {
  STAGE: 'prod',
  SUBNET_IDS: 'subnet-1,subnet-2',
  SECURITY_GROUP_IDS: 'sg-1',
  ALARM_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:alarms',
};

/**
 * The mistakes that the stages `prod` and `local` can have, by the sort of property: one of the
 * fifteen functions' timeouts is as good as another.
 */
export function stackMutations(): ReadonlyMap<string, readonly StackMutation[]> {
  const bySort = new Map<string, Map<string, StackMutation>>();
  for (const stage of [PROD, LOCAL_ENVIRONMENT]) {
    const { resource, provider, terraform } = synthesize(stage).json;
    for (const mutation of mistakesIn({ resource, provider, terraform }, [])) {
      const sort = sortOf(mutation);
      const ofSort = bySort.get(sort) ?? new Map<string, StackMutation>();
      bySort.set(sort, ofSort.set(JSON.stringify(mutation), mutation));
    }
  }
  return new Map([...bySort].map(([sort, mutations]) => [sort, [...mutations.values()]]));
}

/** The path without the ids of resources and without places in lists. */
function sortOf({ path, becomes }: StackMutation): string {
  const [, type = '', , ...inner] = path;
  const names = inner.filter((step) => !/^\d+$/.test(step));
  return [type, ...names, becomes === undefined ? 'removed' : 'changed'].join('.');
}

function mistakesIn(value: unknown, path: readonly string[]): StackMutation[] {
  // A whole resource, or a block or list of one.
  const removed = path.length < 3 ? [] : [{ path, was: value }];
  if (Array.isArray(value)) {
    return [
      ...removed,
      ...value.flatMap((item: unknown, at) => mistakesIn(item, [...path, String(at)])),
    ];
  }
  if (typeof value === 'object' && value !== null) {
    const properties = Object.entries(value).filter(([name]) => !WITHOUT_MEANING.has(name));
    return [...removed, ...properties.flatMap(([name, it]) => mistakesIn(it, [...path, name]))];
  }
  if (path.length < 3) return [];
  const json = typeof value === 'string' ? jsonIn(value) : undefined;
  if (json !== undefined) return [...removed, ...mistakesIn(json, [...path, IN_TEXT])];
  return [...removed, ...others(value).map((becomes) => ({ path, was: value, becomes }))];
}

/** What else could stand there by mistake. */
function others(value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number')
    return [value * 60, Math.ceil(value / 10), 0].filter((it) => it !== value);
  if (typeof value !== 'string') return [];
  if (/^-?\d+(\.\d+)?$/.test(value)) return [String(Number(value) * 60), '0'];
  return ['', `${value}-other`].filter((it) => it !== value);
}

function jsonIn(text: string): object | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
