/** Takes files in: a chooser and a place to drop them, and what is asked about them. */

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

const BLOCKED =
  "This browser does not let the page store anything, so nothing can be brought in. " +
  "Allow storage for this site first.";

export class Intake {
  /**
   * @param {object} site see work.js
   * @param {(words: string[]) => void} say
   */
  constructor(site, say) {
    Object.assign(this, { site, say });
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

  async chosen() {
    const files = [...this.input.files];
    this.input.value = ""; // so that the same file can be chosen again
    await this.take(files);
  }

  /** Let files be dropped on an element. */
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

  /** Take files in, one after another, and say what became of each. */
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
    told.push(...this.merged(storage, found, problems));
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

  merged(storage, { passed, modules }, problems) {
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

/** Put an edit in place; false where the storage did not take it. */
function isPut(edit, problems) {
  let taken = true;
  putEdit(edit, (words) => {
    taken = false;
    problems.add(words);
  });
  return taken;
}
