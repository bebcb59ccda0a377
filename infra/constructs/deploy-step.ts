import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';

/** The deploy's own invocation of a function, once for each change of its code or its variables. */
export function invokedByDeploy(
  scope: Construct,
  { function: { functionName }, code, environment }: NodeFunction,
  input: object,
): LambdaInvocation {
  return new LambdaInvocation(scope, 'done', {
    functionName,
    input: JSON.stringify(input),
    triggers: { code: code.sha256, ...environment },
  });
}

/**
 * A function that the deploy itself invokes, once for each change of its code or its variables.
 *
 * What depends on `done` waits for it. A function that throws fails the deploy, and the next deploy
 * invokes it again.
 */
export class DeployStep extends Construct {
  readonly done: LambdaInvocation;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const step = new NodeFunction(this, 'step', props);
    this.done = invokedByDeploy(this, step, {});
  }

  /** What the function answered: the lines under this name, which the deploy tells. */
  told(name: string): string {
    return Fn.join(' ', Token.asList(Fn.lookup(Fn.jsondecode(this.done.result), name)));
  }
}
