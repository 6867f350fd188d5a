/** Rules for SyntaxError: sentences about a line that Python cannot parse. */

const OPENS = /:\s*(#.*)?$/;
const BLOCK = /^\s*(if|elif|else|for|while|def|class|with|try|except|finally)\b/;

/**
 * The rules, in the order in which they are tried. Each is a pattern that the error's
 * message must match, and a function that makes the sentence from the number of the
 * line, the match, and the text of the line.
 *
 * @type {[RegExp, (line: number, found: RegExpMatchArray, text: string) => string][]}
 */
const KINDS = [
  [
    /^expected ':'/,
    (line) =>
      `Line ${line} begins a block, as \`def\`, \`if\` and \`for\` do, and such a line ends in a colon.`,
  ],
  [
    /^'([([{])' was never closed/,
    (line, [, open]) =>
      `The \`${open}\` on line ${line} has no partner: count the brackets of that line and of those below it.`,
  ],
  [
    /^incomplete input/,
    (line, _, text) =>
      OPENS.test(text)
        ? `Line ${line} begins a block, and nothing stands below it: write what belongs to it, set in by four spaces.`
        : "The cell ends before a bracket or a text in quotes is closed: count the brackets from its last line upward.",
  ],
  [
    /^unmatched '([)\]}])'|^closing parenthesis '([)\]}])' does not match/,
    (line, [, lone, wrong]) =>
      `The \`${lone ?? wrong}\` on line ${line} closes nothing that was opened so: count the brackets up to there.`,
  ],
  [
    /^unterminated (?:f-string|string|triple-quoted)/,
    (line) =>
      `A text that begins on line ${line} does not end: put the closing quotation mark behind it.`,
  ],
  [
    /^expected an indented block after (.*?) on line (\d+)/,
    (line, [, what, start]) =>
      `What belongs to the ${what} on line ${start} must stand below it, set in by four spaces.`,
  ],
  [
    /^(?:unexpected indent|unindent does not match|inconsistent use of tabs)/,
    (line) =>
      `Line ${line} is set in by another number of spaces than its neighbors: lines of one block begin in one column.`,
  ],
  [
    /^'return' outside function/,
    (line) =>
      `The \`return\` on line ${line} stands outside of its function: set it in below the \`def\`.`,
  ],
  [
    /Maybe you meant '==' or ':=' instead of '='|^cannot assign to/,
    (line) =>
      `Line ${line} sets something with \`=\` where it cannot be set: to compare, write \`==\`.`,
  ],
  [
    /^Missing parentheses in call to '(\w+)'/,
    (line, [, name]) =>
      `\`${name}\` is a function: put parentheses around what it gets on line ${line}.`,
  ],
  [
    /Perhaps you forgot a comma/,
    (line) =>
      `Between two things on line ${line} a comma or an operator is missing; a product needs its \`*\`.`,
  ],
  [
    /^invalid syntax/,
    (line, _, text) =>
      BLOCK.test(text) && !OPENS.test(text)
        ? `Line ${line} begins a block, and such a line ends in a colon.`
        : `Python cannot read line ${line}: look there, and at the end of the line above, for a bracket, a comma or an operator that is missing or too much.`,
  ],
];

/**
 * Return the sentence for a SyntaxError.
 *
 * @param {string} message the error's message, without its file and line
 * @param {number} line number of the line, from 1; NaN if unknown
 * @param {string} source the cell's code
 * @returns {?string} null for a message that no rule matches, or an unknown line
 */
export function syntaxHelp(message, line, source) {
  if (!line) return null;
  const text = source.split("\n")[line - 1] ?? "";
  for (const [says, words] of KINDS) {
    const found = message.match(says);
    if (found) return words(line, found, text);
  }
  return null;
}
