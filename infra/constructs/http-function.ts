import type { Construct } from 'constructs';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';

interface HttpFunctionProps extends NodeFunctionProps {
  /** The route as API Gateway names it: `POST /auth`. */
  readonly settings: NodeFunctionProps['settings'] & { readonly route: string };
}

/** A function that answers one route of the API. */
export class HttpFunction extends NodeFunction {
  readonly method: string;
  readonly path: string;

  constructor(scope: Construct, id: string, props: HttpFunctionProps) {
    super(scope, id, props);
    const [method = '', path = ''] = props.settings.route.split(' ');
    this.method = method;
    this.path = path;
  }
}
