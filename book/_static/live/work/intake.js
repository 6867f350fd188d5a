/**
 * The part of the panel "Your work" that imports files, chosen or dropped on the panel.
 */

import {
  compareEdits,
  keptEdits,
  mergeModules,
  mergePassed,
  putEdit,
  readFile,
} from "./bring.js";
import { Choices } from "./choices.js";
import { button, make } from "../base/dom.js";
import { here } from "../base/here.js";
import { Refusal } from "./refusal.js";
import { count, reasonOf, sentence } from "../base/words.js";

/**
 * @import { Site } from "./work.js"
 * @import { FiledEdit, Work } from "./workfile.js"
 */

const BLOCKED =
  "This browser does not let the page store anything, so nothing can be brought in. " +
  "Allow storage for this site first.";

export class Intake {
  /**
   * @param {Site} site
   * @param {(words: string[]) => void} say shows sentences in the panel
   */
  constructor(site, say) {
    this.site = site;
    this.say = say;
    this.input = make("input", {
      type: "file",
      accept: ".ipynb,.json,.zip",
      multiple: true,
      hidden: true,
      onchange: () => this.chosen(),
    });
    this.choose = button("Choose a file…", {
      "data-action": "bring",
      onclick: () => this.input.click(),
    });
    this.element = make(
      "div",
      {},
      make("p", { class: "tt-work-head" }, "Bring back in"),
      make(
        "p",
        {},
        this.choose,
        this.input,
        " a notebook of this book, the zip or the JSON. You can drop it here, too.",
      ),
    );
    this.choices = new Choices(say, this.choose);
  }

  /** Import the files that the reader has chosen. */
  async chosen() {
    const files = [...this.input.files];
    this.input.value = ""; // else choosing the same file again would fire no event
    await this.take(files);
  }

  /**
   * Import files that are dropped on an element.
   *
   * @param {HTMLElement} element
   */
  takeDrops(element) {
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      element.classList.toggle("tt-drop", event.type === "dragover");
    };
    element.addEventListener("dragover", over);
    element.addEventListener("dragleave", over);
    element.addEventListener("drop", (event) => {
      over(event);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length) this.take(files);
    });
  }

  /**
   * Import files, one after another, and show in the panel what became of each.
   *
   * @param {File[]} files
   */
  async take(files) {
    const words = [];
    for (const file of files) {
      try {
        words.push(...(await this.takeOne(file)));
      } catch (error) {
        const refused = error instanceof Refusal;
        const why = refused ? error.message : sentence(reasonOf(error));
        words.push(`${file.name} was not taken. ${why}`);
      }
    }
    here.refresh();
    this.say(words);
  }

  /**
   * Import one file.
   *
   * @param {File} file
   * @returns {Promise<string[]>} sentences that say what was imported
   * @throws {Refusal} if the file cannot be imported or the storage is blocked
   * @throws {Error} if the published notebook of the file's chapter cannot be fetched
   */
  async takeOne(file) {
    const { chapters } = this.site;
    const load = ({ notebook }) => this.site.load(notebook);
    const found = await readFile(file, chapters, load);
    let storage;
    let kept;
    try {
      storage = window.localStorage;
      kept = keptEdits(storage);
    } catch {
      throw new Refusal(BLOCKED);
    }
    const { fresh, same, differing } = compareEdits(found.edits, kept);
    const problems = new Set();
    const told = [];
    const put = fresh.filter((edit) => isPut(edit, problems));
    if (put.length) told.push(`${count(put.length, "edit")} brought in`);
    if (same.length) told.push(`${count(same.length, "edit")} here already`);
    told.push(...this.merge(storage, found, problems));
    const words = [...problems, ...found.notes];
    if (differing.length) {
      const cells = count(differing.length, "cell");
      const differ = differing.length === 1 ? "differs" : "differ";
      words.push(`${cells} of yours ${differ} from the file: choose below.`);
    }
    if (put.length) this.choices.offerUndo(file.name, put);
    for (const edit of differing) this.choices.ask(file.name, edit);
    const nothing = differing.length ? "" : "it holds no code of yours";
    const name = found.chapter ? `${file.name} (${found.chapter.title})` : file.name;
    return [`${name}: ${told.join("; ") || nothing || "read"}.`, ...words];
  }

  /**
   * Store the passed exercises and modules of a file. Never throws.
   *
   * @param {Storage} storage
   * @param {Work} work the file's
   * @param {Set<string>} problems gets sentences about what was not stored
   * @returns {string[]} phrases that say what was stored, to be joined by "; "
   */
  merge(storage, { passed, modules }, problems) {
    const told = [];
    try {
      const news = mergePassed(storage, passed);
      const known = new Set(passed.map(({ id }) => id)).size;
      const exercises = count(known, "passed exercise");
      if (known) told.push(`${exercises}, ${news} of them new here`);
      const { fresh, differing } = mergeModules(storage, modules);
      if (fresh.length) told.push(`your ${fresh.join(", ")}`);
      if (differing.length) {
        problems.add(
          `Your ${differing.join(", ")} here differs from the file’s and stays. ` +
            "Check the chapter’s exercises again to make it anew from your cells.",
        );
      }
    } catch (error) {
      problems.add(`Not all of it could be kept: ${sentence(reasonOf(error))}`);
    }
    return told;
  }
}

/**
 * Make an edit of a file the reader's edit; see putEdit.
 *
 * @param {FiledEdit} edit
 * @param {Set<string>} problems gets a sentence if putEdit reports a problem
 * @returns {boolean} whether putEdit reported no problem
 */
function isPut(edit, problems) {
  let taken = true;
  putEdit(edit, (words) => {
    taken = false;
    problems.add(words);
  });
  return taken;
}
