/**
 * The part of the panel "Your work" that exports files: notebook, framework, progress.
 */

import { keptEdits } from "./bring.js";
import { button, make } from "../base/dom.js";
import { shareOf, WORK_FILE, writeFramework } from "./package-zip.js";
import { here } from "../base/here.js";
import { fillIn } from "./notebook.js";
import { ownModules } from "../own/own-store.js";
import { count, reasonOf, sentence } from "../base/words.js";
import { writeWork } from "./workfile.js";

/**
 * @import { ChapterEntry } from "../base/types.js"
 * @import { OwnModule } from "../own/own-store.js"
 * @import { Site } from "./work.js"
 */

const TYPES = {
  ipynb: "application/x-ipynb+json",
  json: "application/json",
  zip: "application/zip",
};

export class Takeaway {
  /** Selects the chapter of the notebook to export; null on a chapter's page, where it is
   * the page's own. @type {?HTMLSelectElement} */
  select = null;

  /**
   * @param {Site} site
   * @param {?ChapterEntry} current the page's chapter; null on a page that is no
   *   chapter
   * @param {(words: string[]) => void} say shows sentences in the panel
   */
  constructor(site, current, say) {
    this.site = site;
    this.current = current;
    this.say = say;
    const solved = "with your code in it, to hand in or to open in Jupyter";
    const items = [
      this.item("framework", "Framework (zip)", () => this.takeFramework(), [
        "the package with your own modules in it; ",
        make("code", {}, "pip install"),
        " takes the file",
      ]),
      this.item("progress", "Progress and edits (JSON)", () => this.takeProgress(), [
        "of all chapters in one file: for another browser, or to be safe",
      ]),
    ];
    const notebook = () => this.takeNotebook();
    const row = this.item("notebook", "Notebook", notebook, [`${solved}`]);
    if (!current) row.prepend(this.chooseChapter(), " ");
    const heading = make("p", { class: "tt-work-head" }, "Take with you");
    this.element = make("div", {}, heading, make("ul", {}, row, ...items));
  }

  /**
   * Return a line of the list: a button and a description.
   *
   * @param {string} name the button's `data-action` is "take-" and this name
   * @param {string} words the text on the button
   * @param {() => Promise<void>} action called at a press; the panel shows its errors
   * @param {(string | Node)[]} about the description
   */
  item(name, words, action, about) {
    const pressed = async () => {
      try {
        await action();
      } catch (error) {
        this.say([`That did not work: ${sentence(reasonOf(error))}`]);
      }
    };
    const attributes = { "data-action": `take-${name}`, onclick: pressed };
    return make("li", {}, button(words, attributes), " ", ...about);
  }

  /** Make and return the select for the notebook's chapter. */
  chooseChapter() {
    const options = this.site.chapters.map(({ chapter, number, title }) =>
      make("option", { value: chapter }, `${number} ${title}`),
    );
    const label = "Chapter of the notebook";
    this.select = make("select", { "aria-label": label }, ...options);
    return this.select;
  }

  /** Download the student notebook with the reader's text in each edited cell. */
  async takeNotebook() {
    const slug = this.select?.value ?? this.current.chapter;
    const chapter = this.site.chapters.find((one) => one.chapter === slug);
    const published = await this.site.load(chapter.notebook);
    const texts = this.textsOf(slug);
    const solved = chapter.exercises.filter(([id]) => texts.has(id)).length;
    save(`${slug}.ipynb`, fillIn(published, texts), TYPES.ipynb);
    const total = count(chapter.exercises.length, "exercise");
    this.say([
      `Made ${slug}.ipynb. You have written code in ${solved} of its ${total}.`,
    ]);
  }

  /**
   * Return the reader's texts of a chapter's edited cells: from this page's editors if
   * it has them, else from the storage.
   *
   * @param {string} chapter
   * @returns {Map<string, string>} texts by cell id
   */
  textsOf(chapter) {
    const texts = new Map();
    try {
      const kept = keptEdits(window.localStorage).get(chapter) ?? new Map();
      for (const [id, { text }] of kept) texts.set(id, text);
    } catch {
      // The storage is blocked, so there are no stored edits; the page may still have
      // some.
    }
    if (here.store?.chapter === chapter) {
      for (const { id, editor, edited, text } of here.cells) {
        if (editor && edited) texts.set(id, text);
        else if (editor) texts.delete(id);
      }
    }
    return texts;
  }

  /**
   * Download the package with the reader's modules in it, as a zip that pip can
   * install.
   */
  async takeFramework() {
    const reference = JSON.parse(await this.site.load("_static/package.json"));
    const own = ownModules(window.localStorage);
    const { chapters } = this.site;
    const bytes = writeFramework(reference, own, chapters, this.work(own));
    save("tinytorch-yours.zip", bytes, TYPES.zip);
    const share = (one) => {
      const chapter = chapters.find(({ module }) => module === one.module);
      return chapter ? `${one.module} (${shareOf(one, chapter)})` : one.module;
    };
    const yours = own.map(share).join(", ");
    const rest = reference.whole
      ? "the rest is the reference"
      : "the others say, when imported, that they are not there";
    const whose = own.length
      ? `In it of yours: ${yours}; ${rest}.`
      : "No module in it is yours yet: what passes its check on the page becomes so.";
    this.say([
      `Made tinytorch-yours.zip. ${whose} Install it with: ` +
        "python -m pip install tinytorch-yours.zip",
    ]);
  }

  /** Download progress, edits and modules of all chapters in one JSON file. */
  async takeProgress() {
    save(WORK_FILE, this.work(ownModules(window.localStorage)), TYPES.json);
    this.say([`Made ${WORK_FILE}. Bring it in on a page of the book, in any browser.`]);
  }

  /**
   * Return the text of the file of progress and edits.
   *
   * @param {OwnModule[]} own the reader's modules
   * @returns {string}
   * @throws {Error} if the storage is blocked
   */
  work(own) {
    keptEdits(window.localStorage); // for its side effect: it saves this page's edits
    return writeWork(window.localStorage, own, new Date());
  }
}

/**
 * Make the browser download a file.
 *
 * @param {string} name of the file
 * @param {string | Uint8Array<ArrayBuffer>} content
 * @param {string} type the MIME type
 */
function save(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = make("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // A minute later: the browser reads the URL after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
