/** Formats numbers and errors as text for the page. */

/** Return a number of bytes in megabytes, with one decimal: "4.2". */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/** Return a duration, given in milliseconds, as text: "8 ms", "0.43 s", "2 min 5 s". */
export function duration(ms) {
  if (ms < 100) return `${Math.max(1, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Return a count and its noun, with an "s" unless the count is 1: "3 cells". */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Return the message of an error, or of any thrown value, as one line. */
export function reasonOf(error) {
  const text = String(error?.message ?? error ?? "").trim() || "no reason was given";
  return text.replace(/\s+/g, " ").replace(/^Error: /, "");
}

/** Return a text with a full stop at its end, unless it ends in ".", "!" or "?". */
export function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * Return a traceback as one text without a terminal's color codes.
 *
 * @param {string[]} lines the traceback as Jupyter sends it, with color codes
 */
export function plainTraceback(lines) {
  // eslint-disable-next-line no-control-regex -- color codes begin with Escape
  return lines.join("\n").replace(/\x1b\[[0-9;]*m/g, "");
}
