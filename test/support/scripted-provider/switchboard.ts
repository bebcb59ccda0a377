import type { z } from 'zod';

/** Whose switches: a mall or an account, or all of them. */
export type Target = string;
export const everyTarget = '*';

interface Episode<Switches> {
  readonly switches: Partial<Switches>;
  left: number;
}

/** What was configured for one target: for good, and as a script of episodes that follow. */
interface Panel<Switches> {
  standing: Partial<Switches>;
  readonly episodes: Episode<Switches>[];
}

export interface Switchboard<Switches> {
  /** Without `nextRequests` for good; with it an episode, which begins when earlier ones end. */
  readonly configure: (target: Target, configuration: unknown) => void;
  /** What holds for the target now; its own switches outrank those of all. */
  readonly current: (target: Target) => Switches;
  /** The same for one token request, which uses up its share of the running episodes. */
  readonly take: (target: Target) => Switches;
  /** Back to the defaults; `*` clears the switches of every target too. */
  readonly heal: (target: Target) => void;
}

/** All switches at their defaults. @param Configuration some switches, and `nextRequests`. */
export function switchboard<Switches extends object>(
  defaultSwitches: Switches,
  Configuration: z.ZodType<{ readonly nextRequests?: number | undefined }>,
): Switchboard<Switches> {
  const panels = new Map<Target, Panel<Switches>>();
  const panelOf = (target: Target): Panel<Switches> => {
    const panel = panels.get(target) ?? { standing: {}, episodes: [] };
    panels.set(target, panel);
    return panel;
  };
  const current = (target: Target): Switches => {
    const [all, own] = [panelOf(everyTarget), panelOf(target)];
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
        panel.episodes.push({ switches: switches, left: nextRequests });
        return;
      }
      panel.standing = { ...panel.standing, ...(switches as Partial<Switches>) };
    },
    current,
    take(target) {
      const switches = current(target);
      useUp(panelOf(everyTarget));
      useUp(panelOf(target));
      return switches;
    },
    heal(target) {
      if (target === everyTarget) panels.clear();
      else panels.delete(target);
    },
  };
}

function useUp({ episodes }: Panel<unknown>): void {
  const [running] = episodes;
  if (running === undefined) return;
  running.left -= 1;
  if (running.left === 0) episodes.shift();
}
