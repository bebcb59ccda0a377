import { FIRST_YEAR, LAST_YEAR, readDotNetDate, withoutMarks } from './creation-date.ts';

const EXPECTED = 'expected a date and time that exists, e.g. 2024-06-15T19:25:25-05:00';
const IN_POWERSHELL = "in PowerShell, send $file.CreationTime.ToString('o')";

/**
 * What is wrong with a text that `parseCreationDate` does not read: what is expected and, where the
 * text tells it, the likely cause. The text itself is not quoted.
 */
export function whyNoCreationDate(text: string): string {
  const plain = withoutMarks(text);
  const cause = causeOfYear(yearOf(plain)) ?? causeOfForm(plain);
  return cause === undefined ? EXPECTED : `${EXPECTED}; ${cause}`;
}

function yearOf(text: string): number | undefined {
  const epochMs = readDotNetDate(text);
  if (epochMs !== undefined) return new Date(epochMs).getUTCFullYear();
  const year = /^(\d{4})-\d\d-\d\d/.exec(text)?.[1];
  return year === undefined ? undefined : Number(year);
}

interface Years {
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

const zero = (whose: string) => `this is ${whose} for no date at all: was the file still there?`;
const calendar = (whose: string) => `this looks like a year of ${whose}: ${IN_POWERSHELL}`;

/**
 * The years that other calendars have now, and the dates that systems mean "none" by (the calendars
 * and the minimum and maximum of .NET's DateTime, FILETIME and OLE Automation's date: Microsoft's
 * documentation, read 2026-11). A zero may be a day off: it is shown in the sender's zone.
 */
const YEARS: readonly Years[] = [
  { from: 0, to: 1, cause: zero(".NET's date") },
  { from: 2, to: 99, cause: calendar('a Japanese era') },
  { from: 100, to: 199, cause: calendar('the calendar of Taiwan') },
  { from: 1300, to: 1500, cause: calendar('the Hijri or the Persian calendar') },
  { from: 1600, to: 1601, cause: zero("Windows' date") },
  { from: 1899, to: 1899, cause: zero("OLE Automation's date") },
  { from: 2400, to: 2799, cause: calendar('the Thai calendar') },
  { from: 5600, to: 5999, cause: calendar('the Hebrew calendar') },
  { from: 9999, to: 10_000, cause: zero(".NET's last date") },
];

function causeOfYear(year: number | undefined): string | undefined {
  if (year === undefined || (year >= FIRST_YEAR && year <= LAST_YEAR)) return undefined;
  const known = YEARS.find(({ from, to }) => from <= year && year <= to);
  return known?.cause ?? `its year must be from ${String(FIRST_YEAR)} to ${String(LAST_YEAR)}`;
}

const LOCAL = `this is a local form, in which day and month can not be told apart: ${IN_POWERSHELL}`;

/** The first that fits tells the cause. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}-\d\d-\d\d[T ]24\b/i, '24:00 is 00:00 of the next day'],
  [/^\d{4}-\d\d-\d\d[T ]\d\d[:.]\d\d[:.]60/i, 'there is no second 60 but in a leap second'],
  [/^\d{4}-\d\d-\d\d([T ]\d\d[:.]\d\d)?$/i, 'the time is missing, or its seconds are'],
  // WMI's CIM_DATETIME, as Get-WmiObject and Get-CimInstance have it.
  [/^\d{14}\.\d{6}[+-]\d{3}$/, "this is WMI's form: use ConvertToDateTime, then ToString('o')"],
  [
    /^[-+]?\d{5,}([.,]\d+)?$/,
    'a number does not tell whether it is seconds, milliseconds or ticks',
  ],
  [/^@\{|^System\./, 'this is an object as text: call ConvertTo-Json with -Depth 5'],
  [/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|[ap]\.? ?m\b|^\p{L}{2,}/iu, LOCAL],
  [/^\d{4}[/.]\d/, `the parts of the day are separated by hyphens: ${IN_POWERSHELL}`],
  [/[^\P{Nd}0-9]/u, `its digits must be 0 to 9: ${IN_POWERSHELL}`],
];

function causeOfForm(text: string): string | undefined {
  return FORMS.find(([form]) => form.test(text))?.[1];
}
