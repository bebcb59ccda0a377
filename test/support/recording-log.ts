import type { Log, LogFields } from '#shared/log.ts';

interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  /** The line's own and those of the logs that it is a child of. */
  readonly fields: LogFields;
}

export interface RecordingLog extends Log {
  /** Its own lines and its children's, in the order in which they were written. */
  readonly lines: readonly LogLine[];
}

export function recordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  return { lines, ...childOf(lines, {}) };
}

function childOf(lines: LogLine[], inherited: LogFields): Log {
  const write = (level: LogLine['level']) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields: { ...inherited, ...fields } });
  };
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => childOf(lines, { ...inherited, ...fields }),
  };
}
