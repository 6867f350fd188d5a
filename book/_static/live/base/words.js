/** Puts numbers, lists and errors into the words that the page uses for them. */

/** Bytes as megabytes with one digit: "4.2". */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/** A duration in milliseconds: "8 ms", "0.43 s", "12 s", "2 min 5 s". */
export function duration(ms) {
  if (ms < 100) return `${Math.max(1, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A count with its noun: "1 cell", "3 cells". */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The message of an error, or the reason of a rejected promise, as one line. */
export function reasonOf(error) {
  const text = String(error?.message ?? error ?? "").trim() || "no reason was given";
  return text.replace(/\s+/g, " ").replace(/^Error: /, "");
}

/** A text with a full stop, if it does not end as a sentence already. */
export function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * A traceback as one plain text.
 *
 * @param {string[]} lines as Jupyter sends them, with a terminal's color codes
 */
export function plainTraceback(lines) {
  // eslint-disable-next-line no-control-regex -- color codes begin with Escape
  return lines.join("\n").replace(/\x1b\[[0-9;]*m/g, "");
}
