import { expect } from 'vitest';
import { synthesize, type Resource, type SynthesizedStack } from './synthesized-stack.ts';

export const ALARM_TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms';

/** A resource with references as `type(name).attribute`, whatever id the name stands for. */
export type ReadableResource = Readonly<Record<string, unknown>>;

/** A stage with all that one can have. */
export function synthesizeProd(): SynthesizedStack {
  return synthesize({
    STAGE: 'prod',
    SUBNET_IDS: 'subnet-1,subnet-2',
    SECURITY_GROUP_IDS: 'sg-1',
    ALARM_TOPIC_ARN: ALARM_TOPIC,
  });
}

/** @param elsewhere properties that have tests of their own, as what it waits for always has. */
export function readableResources(
  stack: SynthesizedStack,
  type: string,
  elsewhere: readonly string[] = [],
): readonly ReadableResource[] {
  const without = new Set(['//', 'depends_on', ...elsewhere]);
  const found = stack.all(type).map((resource) => {
    const properties = Object.entries(readable(stack, resource));
    return Object.fromEntries(properties.filter(([name]) => !without.has(name)));
  });
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** @returns its name without the stage's prefix. */
export function shortNameOf(resource: ReadableResource, property = 'name'): string {
  const name = resource[property];
  return typeof name === 'string' ? name.replace('tokenline-', '') : '';
}

function readable(stack: SynthesizedStack, resource: Resource): ReadableResource {
  const text = JSON.stringify(resource).replaceAll(
    /\$\{aws_(\w+\.[\w-]+)\.(\w+)\}/g,
    (reference) => {
      const [, type = '', attribute = ''] = /^\$\{aws_(\w+)\..*\.(\w+)\}$/.exec(reference) ?? [];
      return `${type}(${calledName(stack.referredBy(reference))}).${attribute}`;
    },
  );
  return JSON.parse(text) as ReadableResource;
}

function calledName(resource: object): string {
  const { name, function_name, key, bucket, stage_name } = resource as Record<
    string,
    string | undefined
  >;
  return function_name ?? key ?? bucket ?? stage_name ?? name ?? '';
}
