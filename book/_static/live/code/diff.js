/** A line diff of two texts. */

/**
 * Return the line diff of two texts, from their longest common subsequence of lines.
 *
 * @param {string} before
 * @param {string} after
 * @returns {{sign: " " | "-" | "+", line: string}[]} all lines of both texts, in order:
 *   " " marks a common line, "-" a removed and "+" an added one; where lines were
 *   replaced, the removed lines come first
 */
export function diff(before, after) {
  const old = before.split("\n");
  const now = after.split("\n");
  const common = commonLengths(old, now);
  /** @type {{sign: " " | "-" | "+", line: string}[]} */
  const lines = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ sign: " ", line: old[i] });
      i += 1;
      j += 1;
    } else if (j === now.length || (common[i + 1]?.[j] ?? -1) >= common[i][j + 1]) {
      lines.push({ sign: "-", line: old[i] });
      i += 1;
    } else {
      lines.push({ sign: "+", line: now[j] });
      j += 1;
    }
  }
  return lines;
}

/**
 * Return a table whose entry [i][j] is the length of the longest common subsequence of
 * the lines from old[i] on and those from now[j] on.
 */
function commonLengths(old, now) {
  const table = old.map(() => new Array(now.length + 1).fill(0));
  table.push(new Array(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const same = old[i] === now[j];
      table[i][j] = same
        ? table[i + 1][j + 1] + 1
        : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}
