import type { CodeOf } from '../bundle.ts';
import type { StageConfig } from '../config.ts';
import type { EventBus } from '../constructs/event-bus.ts';

/** What every flow is made with. */
export interface FlowProps {
  readonly config: StageConfig;
  readonly code: CodeOf;
  readonly bus: EventBus;
}
