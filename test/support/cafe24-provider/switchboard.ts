import { Configuration, defaultSwitches, type Switches } from './switches.ts';

/** A mall's id, or all malls. */
export type Target = string;
export const everyMall = '*';

interface Episode {
  readonly switches: Partial<Switches>;
  left: number;
}

/** What was configured for one target: for good, and as a script of episodes that follow. */
interface Panel {
  standing: Partial<Switches>;
  readonly episodes: Episode[];
}

export interface Switchboard {
  /** Without `nextRequests` for good; with it an episode, which begins when earlier ones end. */
  readonly configure: (target: Target, configuration: unknown) => void;
  /** What holds for the mall now; a mall's own switches outrank those of all malls. */
  readonly current: (mallId: string) => Switches;
  /** The same for one token request, which uses up its share of the running episodes. */
  readonly take: (mallId: string) => Switches;
  /** Back to the defaults; `*` clears the switches of every mall too. */
  readonly heal: (target: Target) => void;
}

/** All switches at their defaults. */
export function switchboard(): Switchboard {
  const panels = new Map<Target, Panel>();
  const panelOf = (target: Target): Panel => {
    const panel = panels.get(target) ?? { standing: {}, episodes: [] };
    panels.set(target, panel);
    return panel;
  };
  const current = (mallId: string): Switches => {
    const [all, own] = [panelOf(everyMall), panelOf(mallId)];
    return {
      ...defaultSwitches,
      ...all.standing,
      ...own.standing,
      ...all.episodes[0]?.switches,
      ...own.episodes[0]?.switches,
    };
  };
  return {
    configure(target, configuration) {
      const { nextRequests, ...switches } = Configuration.parse(configuration);
      const panel = panelOf(target);
      if (nextRequests !== undefined) {
        panel.episodes.push({ switches: switches as Partial<Switches>, left: nextRequests });
        return;
      }
      panel.standing = { ...panel.standing, ...(switches as Partial<Switches>) };
    },
    current,
    take(mallId) {
      const switches = current(mallId);
      useUp(panelOf(everyMall));
      useUp(panelOf(mallId));
      return switches;
    },
    heal(target) {
      if (target === everyMall) panels.clear();
      else panels.delete(target);
    },
  };
}

function useUp({ episodes }: Panel): void {
  const [running] = episodes;
  if (running === undefined) return;
  running.left -= 1;
  if (running.left === 0) episodes.shift();
}
